"""Bank statements: taken in, their columns confirmed, each line matched to the one payment it proves."""

from collections.abc import Mapping

from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.files import read_bytes
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.numbering import next_reference
from grants.payments import policy, queries
from grants.payments.models import BankImport, BankLine, BankMatch, PaymentRequest
from grants.payments.rules import NEEDED_COLUMNS, BankColumn, StatementLine, read_lines
from grants.people.models import User
from grants.people.service.roll_files import read_table

MOST_ROWS = 5_000


def take_statement(*, file: StoredFile, officer: User) -> BankImport:
    """Keep a statement to look at; nothing is read in before its columns are confirmed."""
    require(policy.why_not_reconcile(officer))
    if not statement_rows(file):
        raise RuleBroken(_("文件里没有内容，请检查后重新上传。"), "file")
    made = BankImport(ref=next_reference(f"DZ-{today().year}"), file_id=file.id, file=file, imported_by_id=officer.id)
    db.session.add(made)
    audit.record("bank_import:take", actor=officer, subject=made, file=file.sha256)
    return made


def statement_rows(file: StoredFile) -> list[list[str]]:
    """Return the cells of a statement as text, the empty rows left out."""
    rows = []
    for row in read_table(file.name, read_bytes(file)):
        cells = ["" if cell is None else str(cell).strip() for cell in row]
        if any(cells):
            rows.append(cells)
        if len(rows) > MOST_ROWS:
            raise RuleBroken(_("一次最多导入 %(count)s 行，请按月导出后分次导入。", count=MOST_ROWS), "file")
    return rows


def apply_statement(*, statement: BankImport, columns: Mapping[BankColumn, int], officer: User) -> int:
    """Read the lines in and match what agrees exactly in amount and reference; return how many were matched.

    A line that an earlier statement brought is left out, so statements may overlap.
    """
    require(policy.why_not_reconcile(officer))
    if statement.applied_at is not None:
        raise RuleBroken(_("这份对账单已经导入。"))
    _require_columns(columns)
    lines, skipped = read_lines(statement_rows(statement.file), columns)
    if not lines:
        raise RuleBroken(_("按这样的列对应没有读到任何一笔支出，请核对列的选择。"), "amount")
    fresh = _fresh(lines)
    made = [
        BankLine(
            import_id=statement.id,
            position=position,
            booked_on=line.booked_on,
            amount_fen=line.amount_fen,
            reference=line.reference,
            payee=line.payee,
            memo=line.memo,
        )
        for position, line in enumerate(fresh, start=1)
    ]
    db.session.add_all(made)
    statement.applied_at = now()
    statement.line_count = len(made)
    statement.skipped_count = len(skipped) + len(lines) - len(fresh)
    matched = _match_exactly(made, officer)
    audit.record("bank_import:apply", actor=officer, subject=statement, lines=len(made), matched=matched)
    return matched


def _require_columns(columns: Mapping[BankColumn, int]) -> None:
    for column in NEEDED_COLUMNS:
        if column not in columns:
            raise RuleBroken(_("请选择这一列。"), column.value)
    for column, place in columns.items():
        if list(columns.values()).count(place) > 1:
            raise RuleBroken(_("同一列不能对应两项内容。"), column.value)


def _fresh(lines: list[StatementLine]) -> list[StatementLine]:
    known = queries.known_lines(lines)
    fresh = []
    for line in lines:
        key = (line.reference, line.booked_on, line.amount_fen)
        if key not in known:
            known.add(key)
            fresh.append(line)
    return fresh


def _match_exactly(lines: list[BankLine], officer: User) -> int:
    open_requests = {(item.bank_reference, item.amount_fen): item for item in queries.list_unmatched_requests()}
    count = 0
    for line in lines:
        request = open_requests.pop((line.reference, line.amount_fen), None)
        if request is not None:
            db.session.add(BankMatch(line=line, request=request, is_exact=True, made_by_id=officer.id))
            count += 1
    db.session.flush()
    return count


def match_line(*, line: BankLine, request: PaymentRequest, officer: User) -> BankMatch:
    """Say by hand which payment a line proves; amount and payment must agree, and both must still be free."""
    require(policy.why_not_match(officer, request))
    db.session.execute(select(PaymentRequest.id).where(PaymentRequest.id == request.id).with_for_update())
    if queries.find_match_of_line(line) or queries.find_match_of_request(request):
        raise RuleBroken(_("这笔流水或这笔拨付已经勾对，一笔只能对一笔。"), "request")
    if line.amount_fen != request.amount_fen:
        raise RuleBroken(_("金额不一致，不能勾对。"), "request")
    match = BankMatch(line=line, request=request, is_exact=False, made_by_id=officer.id, made_by=officer)
    db.session.add(match)
    audit.record("bank_match:make", actor=officer, subject=match, payment=request.ref, reference=line.reference)
    return match


def undo_match(*, match: BankMatch, officer: User, reason: str) -> None:
    """Take a match back with the reason; both sides are free again."""
    require(policy.why_not_reconcile(officer))
    if match.undone_at is not None:
        raise RuleBroken(_("这条勾对已经撤销。"))
    if not reason.strip():
        raise RuleBroken(_("请写明撤销勾对的理由。"), "reason")
    with db.session.no_autoflush:
        match.undone_by_id = officer.id
        match.undo_reason = reason.strip()
        match.undone_at = now()
    audit.record("bank_match:undo", actor=officer, subject=match, payment=match.request.ref, reason=reason)
