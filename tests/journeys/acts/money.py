"""Tranches are asked for, signed by four offices, paid and confirmed; every fen spent has its voucher."""

from grants.agreements.queries import get_agreement
from grants.foundation import clock
from grants.payments.queries import list_vouchers_of
from tests.journeys.stage import Picture, Stage


def pay(stage: Stage, number: int) -> None:
    """One tranche from the request to the money's arrival; nobody signs twice."""
    done = stage(stage.member).fill(
        f"/payments/agreements/{stage.agreement}/tranches/{number}/request",
        {"purpose": f"第{number}期项目经费", "invoice": Picture("beige")},
    )
    ref, path = done.last, f"/payments/{done.last}"
    stage("finance-1").is_kept_out(f"{path}/sign")
    stage("community-2").is_kept_out(path)
    stage("community-1").fill(f"{path}/sign", {"note": "属实。"})
    stage("programme-1").fill(f"{path}/sign", {"note": "同意。"})
    stage("finance-1").fill(f"{path}/sign", {"note": "账户核对无误。"})
    stage("leader-1").fill(f"{path}/approve", {"note": "同意拨付。", "office_record": "演练纪要1号"})
    stage("finance-1").is_kept_out(f"{path}/pay")
    stage("finance-2").fill(f"{path}/pay", {"bank_reference": f"HD{ref}", "paid_on": clock.today().isoformat()})
    stage(stage.member).press(path, "确认到账")
    assert "已到账" in stage("supervisor-1").look(path).text


def spend(stage: Stage, percent: int) -> None:
    """A voucher on every line for a share of it, entered by the organisation and accepted by finance."""
    new = f"/payments/agreements/{stage.agreement}/vouchers/new"
    soup = stage(stage.member).look(new).soup
    lines = [one["value"] for one in soup.select("select[name=line] option") if one.get("value")]
    with stage.app.app_context():
        amounts = {str(line.id): line.amount_fen for line in get_agreement(stage.agreement).budget_lines}
    for line in lines:
        spent = {
            "line": line,
            "spent_on": clock.today().isoformat(),
            "payee": "惠民五金商行",
            "purpose": "扶手与工具",
            "invoice_number": f"F{percent}{line[:6]}",
        }
        whole = amounts[line]
        stage(stage.member).fill(
            new, {**spent, "amount_fen": f"{whole // 100 * 2}", "file": Picture("pink")}, refused=422
        )
        right = f"{whole * percent // 100 / 100:.2f}"
        stage(stage.member).fill(new, {**spent, "amount_fen": right, "file": Picture("pink")})
        stage("finance-1").press(f"/payments/vouchers/{_newest_voucher(stage)}", "认可", form="/accept")


def _newest_voucher(stage: Stage) -> str:
    with stage.app.app_context():
        return max(one.ref for one in list_vouchers_of(get_agreement(stage.agreement).id))
