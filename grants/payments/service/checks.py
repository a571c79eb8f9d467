"""Spot checks of vouchers (财务抽查): a drawn sample, a finding for each, the result on the project."""

import secrets

from grants.agreements.models import Agreement
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.payments import policy, queries
from grants.payments.models import VoucherCheck, VoucherCheckItem
from grants.payments.rules import FindingResult, draw_sample
from grants.people.models import User


def draw_check(*, agreement: Agreement, officer: User, count: int, seed: str = "") -> VoucherCheck:
    """Draw `count` vouchers of a project by chance; without a `seed` the machine makes one, and it is kept.

    Raises RuleBroken for a number that the vouchers do not allow.
    """
    require(policy.why_not_draw_check(officer, agreement))
    vouchers = {one.ref: one for one in queries.list_vouchers_to_draw(agreement.id)}
    if not 1 <= count <= len(vouchers):
        raise RuleBroken(_("可抽查的票据有 %(count)s 张，请填写 1 到 %(count)s。", count=len(vouchers)), "count")
    seed = seed or secrets.token_hex(16)
    check = VoucherCheck(
        ref=next_reference(f"CC-{today().year}"),
        agreement_id=agreement.id,
        seed=seed,
        population_count=len(vouchers),
        sample_count=count,
        drawn_by_id=officer.id,
        drawn_at=now(),
    )
    db.session.add(check)
    db.session.flush()
    for position, ref in enumerate(draw_sample(sorted(vouchers), seed, count), start=1):
        db.session.add(VoucherCheckItem(check_id=check.id, position=position, voucher_id=vouchers[ref].id))
    db.session.flush()
    audit.record("voucher_check:draw", actor=officer, subject=check, seed=seed, population=len(vouchers), sample=count)
    return check


def record_finding(*, item: VoucherCheckItem, officer: User, result: FindingResult, finding: str = "") -> None:
    """Say what the original paper showed, once."""
    require(policy.why_not_find(officer, item))
    if item.result is not None:
        raise RuleBroken(_("这张票据已登记抽查结果，不能修改。"))
    if result is FindingResult.FAULTY and not finding.strip():
        raise RuleBroken(_("请写明发现的问题。"), "finding")
    with db.session.no_autoflush:
        item.finding, item.found_by_id, item.found_at = finding.strip(), officer.id, now()
        item.result = result
    audit.record("voucher_check:look", actor=officer, subject=item.check, voucher=item.voucher.ref, result=result)


def close_check(*, check: VoucherCheck, officer: User, conclusion: str) -> None:
    """Close a spot check with words; the organisation reads them."""
    require(policy.why_not_draw_check(officer, check.agreement))
    if check.closed_at is not None:
        raise RuleBroken(_("这次抽查已经办结。"))
    if check.open_count:
        raise RuleBroken(_("还有 %(count)s 张票据没有登记抽查结果。", count=check.open_count))
    if not conclusion.strip():
        raise RuleBroken(_("请写明抽查结论。"), "conclusion")
    with db.session.no_autoflush:
        check.conclusion, check.closed_by_id, check.closed_at = conclusion.strip(), officer.id, now()
    for member in check.agreement.organisation.members:
        title = _("财务抽查结果：%(ref)s", ref=check.ref)
        notify(member.user_id, title, body=check.conclusion or "", href=f"/payments/checks/{check.ref}")
    audit.record("voucher_check:close", actor=officer, subject=check, faulty=check.faulty_count)
