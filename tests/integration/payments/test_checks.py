"""Spot checks: drawn by a seed that is kept, found by another hand, closed with words, never changed."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.payments import queries, service
from grants.payments.models import VoucherCheck, VoucherCheckItem
from grants.payments.rules import FindingResult, draw_sample
from grants.people.rules import Role
from tests.browsing import Browser
from tests.factories import payments as make
from tests.factories import people
from tests.factories.payments import Case, staff

Browse = Callable[[str | None], Browser]


def make_vouchers(case: Case, count: int = 5) -> None:
    for _number in range(count):
        make.accept(case, 1_000)


@pytest.mark.usefixtures("ctx")
def test_the_seed_draws_the_same_vouchers_again_and_leaves_refused_ones_out() -> None:
    case = make.make_case()
    make_vouchers(case)
    service.check_voucher(voucher=make.enter(case), officer=staff("finance-1"), is_accepted=False, reason="不符")
    for count in (0, 6):
        with pytest.raises(RuleBroken, match="有 5 张") as refusal:
            service.draw_check(agreement=case.agreement, officer=staff("finance-2"), count=count)
        assert refusal.value.field == "count"
    for who in ("org-1", "community-1", "leader-1", "supervisor-1", "admin-1"):
        with pytest.raises(NotPermitted):
            service.draw_check(agreement=case.agreement, officer=staff(who), count=1)
    check = service.draw_check(agreement=case.agreement, officer=staff("finance-2"), count=3)
    refs = [f"PZ-2026-01-{number:05d}" for number in range(1, 6)]
    drawn = [item.voucher.ref for item in queries.get_check(check.ref).items]
    assert drawn == draw_sample(refs, check.seed, 3)
    assert (check.population_count, check.sample_count) == (5, 3)
    other = service.draw_check(agreement=case.agreement, officer=staff("finance-2"), count=3)
    assert other.seed != check.seed


@pytest.mark.usefixtures("ctx")
def test_the_database_keeps_sample_and_findings() -> None:
    case = make.make_case()
    make_vouchers(case, 3)
    check = service.draw_check(agreement=case.agreement, officer=staff("finance-2"), count=2)
    item = queries.get_check(check.ref).items[0]
    with pytest.raises(NotPermitted, match="由您审核"):
        service.record_finding(item=item, officer=staff("finance-1"), result=FindingResult.MATCHING)
    with pytest.raises(RuleBroken, match="还有 2 张"):
        service.close_check(check=check, officer=staff("finance-2"), conclusion="无问题")
    left = next(one for one in queries.list_vouchers_to_draw(case.agreement.id) if one not in _drawn(check))
    db.session.commit()
    own = {"result": FindingResult.MATCHING, "found_by_id": staff("finance-1").id, "found_at": now()}
    for change, match in (
        (update(VoucherCheck).values(seed="0" * 32), "never changed"),
        (
            update(VoucherCheck).values(conclusion="好", closed_by_id=staff("finance-2").id, closed_at=now()),
            "looked at",
        ),
        (update(VoucherCheckItem).where(VoucherCheckItem.position == 1).values(voucher_id=left.id), "never changed"),
        (update(VoucherCheckItem).values(**own), "spot-check"),
        (text("DELETE FROM voucher_check_item"), "never deleted"),
        (text("DELETE FROM voucher_check"), "never deleted"),
    ):
        with pytest.raises(DBAPIError, match=match):
            db.session.execute(change)
        db.session.rollback()
    db.session.add(VoucherCheckItem(check_id=check.id, position=3, voucher_id=left.id))
    with pytest.raises(DBAPIError, match="stays as it was drawn"):
        db.session.flush()


def _drawn(check: VoucherCheck) -> list[object]:
    return [item.voucher for item in queries.get_check(check.ref).items]


def test_a_spot_check_is_drawn_found_and_closed_on_pages(app: Flask, browse: Browse) -> None:
    with app.app_context():
        case = make.make_case()
        make_vouchers(case, 2)
        people.make_user("org-2", Role.ORGANISATION, organisation=people.make_organisation("星火志愿服务中心"))
        ref = case.agreement.ref
        db.session.commit()
    finance, path = browse("finance-2"), f"/payments/agreements/{ref}/checks/new"
    assert "填写 1 到 2" in finance.submit(path, {"count": "9"}, status=422).text
    address = finance.submit(path, {"count": "2"}).location
    with app.app_context():
        items = queries.get_check(address.rsplit("/", 1)[1]).items
        find = [f"{address}/items/{item.id}" for item in items]
    assert "请选择核对结果" in finance.post(find[0], {}, status=422).text
    kept = finance.submit(find[0], {"result": "faulty", "finding": " "}, status=422)
    assert "请写明发现的问题" in kept.text
    browse("finance-1").get(find[0], status=403)
    finance.submit(find[0], {"result": "faulty", "finding": "发票内容与活动记录不符"})
    assert "不能修改" in finance.submit(find[0], {"result": "matching"}, status=422).text
    finance.post(f"{address}/close", {"conclusion": "基本规范"}, status=422)
    browse("programme-1").submit(find[1], {"result": "matching"})
    assert "请写明抽查结论" in finance.post(f"{address}/close", {"conclusion": ""}, status=422).text
    finance.post(f"{address}/close", {"conclusion": "一张不符，已要求整改。"})
    for who, page in (
        ("org-1", address),
        ("supervisor-1", f"/payments/agreements/{ref}"),
        ("leader-1", "/payments/checks/"),
    ):
        assert "一张不符，已要求整改。" in browse(who).get(page).text, who
    browse("org-2").get(address, status=403)
    assert "还没有抽查" in browse("org-2").get("/payments/checks/").text
    browse("supervisor-1").post(f"{address}/close", {"conclusion": "x"}, status=403)
    finance.post(f"{address}/close", {"conclusion": "再结一次"}, status=422)
