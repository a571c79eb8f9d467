"""The pages of agreements, as each person meets them."""

import io
from collections.abc import Callable

import pytest
from flask import Flask

from grants.agreements import queries, service
from grants.agreements.rules import AgreementStatus
from grants.foundation.database import db
from grants.people.queries import find_user
from grants.people.rules import Role
from tests.browsing import Browser
from tests.factories import agreements, people
from tests.factories.agreements import Parties

Browse = Callable[[str | None], Browser]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
PDF += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def scan() -> tuple[io.BytesIO, str]:
    """Return a small picture as an upload."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(buffer, "PNG")
    buffer.seek(0)
    return buffer, "协议.png"


def arrange(app: Flask, make: Callable[[Parties], object]) -> str:
    """Make the parties and an agreement, and return its reference."""
    with app.app_context():
        made = make(agreements.make_parties())
        db.session.commit()
        return str(getattr(made, "ref", ""))


def test_an_application_becomes_a_signed_agreement_page_by_page(app: Flask, browse: Browse) -> None:
    application = arrange(app, agreements.make_awarded_application)
    officer = browse("programme-1")
    listing = officer.get("/agreements/?status=awaiting")
    assert "银杏社区老年助餐" in listing.text
    edit = officer.follow(f"/agreements/draft/{application}")
    ref = edit.soup.select_one(".page-head__eyebrow span").text  # type: ignore[union-attr]
    assert "等待承接组织同意" in officer.get(f"/agreements/{ref}").text
    officer.post(f"/agreements/{ref}/offer", status=409)
    member = browse("org-1")
    assert "请核对并同意协议方案" in member.get(f"/agreements/{ref}").text
    member.post(f"/agreements/{ref}/agree/1")
    assert "可以送签" in officer.get(f"/agreements/{ref}").text
    officer.post(f"/agreements/{ref}/offer")
    assert "请签署协议" in member.get(f"/agreements/{ref}").text
    member.post(f"/agreements/{ref}/sign")
    leader = browse("leader-1")
    assert "请上传" in leader.post(f"/agreements/{ref}/sign", status=422).text
    leader.post(f"/agreements/{ref}/sign", {"signed_file": scan()})
    assert "履行中" in leader.get(f"/agreements/{ref}").text
    assert leader.get(f"/agreements/{ref}/signed-copy").response.mimetype == "image/png"
    with app.app_context():
        assert queries.get_agreement(ref).status is AgreementStatus.SIGNED


def draft_fields(page: object) -> dict[str, str]:
    """Return what the form of a draft holds."""
    soup = page.soup  # type: ignore[attr-defined]
    fields = {one["name"]: one.get("value", "") for one in soup.select("main form input[name]")}
    for one in soup.select("main form textarea"):
        fields[one["name"]] = one.text.lstrip("\n")
    for one in soup.select("main form select"):
        chosen = one.select_one("option[selected]") or one.select_one("option")
        fields[one["name"]] = chosen["value"]
    fields.pop("csrf_token")
    return fields


def test_a_refused_draft_keeps_what_was_typed_and_names_its_table(app: Flask, browse: Browse) -> None:
    ref = arrange(app, agreements.make_draft)
    officer = browse("programme-1")
    fields = draft_fields(officer.get(f"/agreements/{ref}/edit"))
    fields["lines-0-amount"] = "99,999,999"
    fields["lines-0-content"] = "食材（改）"
    refused = officer.post(f"/agreements/{ref}/edit", fields, status=422)
    assert "超过了入选金额" in refused.text
    kept = draft_fields(refused)
    assert (kept["lines-0-amount"], kept["lines-0-content"]) == ("99,999,999", "食材（改）")
    fields["lines-0-amount"] = "30,000"
    fields |= {"lines-4-source": "fiscal", "lines-4-code": "08", "lines-4-content": "意外险", "lines-4-amount": "500"}
    fields |= {"lines-1-amount": "", "lines-1-content": ""}
    assert "请写明调整理由" in officer.post(f"/agreements/{ref}/edit", fields, status=422).text
    fields |= {"lines-0-reason": "食材降价", "lines-1-reason": "由志愿者承担", "lines-4-reason": "参加者年纪大"}
    officer.post(f"/agreements/{ref}/edit", fields)
    with app.app_context():
        agreement = queries.get_agreement(ref)
        assert [(one.content, one.amount_fen) for one in agreement.fiscal_lines] == [
            ("食材（改）", 3_000_000),
            ("志愿者补贴", 500_000),
            ("意外险", 50_000),
        ]
        assert agreement.amount_fen == 3_550_000


def test_a_half_filled_row_is_an_error_at_its_field(app: Flask, browse: Browse) -> None:
    ref = arrange(app, agreements.make_draft)
    officer = browse("programme-1")
    fields = draft_fields(officer.get(f"/agreements/{ref}/edit"))
    fields["lines-4-content"] = "只有内容"
    fields["milestones-2-name"] = "没有日期"
    refused = officer.post(f"/agreements/{ref}/edit", fields, status=422)
    assert refused.soup.select_one("#lines-4-amount-error") is not None
    assert refused.soup.select_one("#milestones-2-due_on-error") is not None


def test_a_milestone_is_claimed_sent_back_and_verified(app: Flask, browse: Browse) -> None:
    ref = arrange(app, agreements.make_signed)
    member, officer = browse("org-1"), browse("community-1")
    claim, verify = f"/agreements/{ref}/milestones/1/claim", f"/agreements/{ref}/milestones/1/verify"
    assert "请说明完成情况" in member.post(claim, {"claim": ""}, status=422).text
    member.post(claim, {"claim": "已完成 12 场，见 HD-2026-01-0001。"})
    assert "见 HD-2026-01-0001" in officer.get(verify).text
    assert "请写明退回的原因" in officer.post(verify, {"decision": "send_back", "note": ""}, status=422).text
    officer.post(verify, {"decision": "send_back", "note": "缺签到表"})
    assert "缺签到表" in member.get(claim).text
    member.post(claim, {"claim": "已补签到表。"})
    officer.post(verify, {"decision": "verify", "note": "属实"})
    assert "待居民监督员核实" in member.get(f"/agreements/{ref}").text
    member.post(claim, {"claim": "再来一次"}, status=422)


def test_the_street_proves_itself_again_before_signing(app: Flask, browse: Browse) -> None:
    ref = arrange(app, agreements.make_offered)
    with app.app_context():
        member = find_user("org-1")
        assert member is not None
        service.sign_agreement(agreement=queries.get_agreement(ref), by=member)
        db.session.commit()
    leader = browse("leader-1")
    with app.app_context():
        from grants.people.models import UserSession

        for session in db.session.scalars(db.select(UserSession)):
            session.stepped_up_at = None
        db.session.commit()
    assert "/step-up" in leader.get(f"/agreements/{ref}/sign", status=302).location
    assert "/step-up" in leader.post(f"/agreements/{ref}/sign", {"signed_file": scan()}).location
    with app.app_context():
        assert queries.get_agreement(ref).status is AgreementStatus.DRAFT


@pytest.fixture
def outsiders(app: Flask) -> str:
    """Make a signed agreement and everybody who has no business with it."""
    with app.app_context():
        _parties, agreement = agreements.make_running()
        other = people.make_organisation("晨曦志愿服务中心")
        people.make_user("org-2", Role.ORGANISATION, organisation=other)
        people.make_user("expert-1", Role.EXPERT)
        people.make_resident("resident-1")
        db.session.commit()
        return agreement.ref


@pytest.mark.parametrize("who", ["org-2", "expert-1", "resident-1", "admin-1", "community-2"])
@pytest.mark.parametrize(
    "page", ["", "/compare", "/signed-copy", "/sign", "/milestones/1/claim", "/milestones/1/verify"]
)
def test_outsiders_see_nothing_of_an_agreement(browse: Browse, outsiders: str, who: str, page: str) -> None:
    browse(who).get(f"/agreements/{outsiders}{page}", status=403)


@pytest.mark.parametrize("who", ["programme-1", "finance-1", "leader-1", "supervisor-1", "community-1", "org-1"])
def test_those_it_concerns_read_it(browse: Browse, outsiders: str, who: str) -> None:
    reader = browse(who)
    for page in ("", "/compare"):
        reader.get(f"/agreements/{outsiders}{page}")
    assert outsiders in reader.get("/agreements/").text


def test_a_visitor_is_asked_to_sign_in(browse: Browse, outsiders: str) -> None:
    assert "/sign-in" in browse(None).get(f"/agreements/{outsiders}", status=302).location


def test_a_reference_that_does_not_exist_is_not_found(browse: Browse, outsiders: str) -> None:
    browse("programme-1").get("/agreements/XY-0000-00-0000", status=404)
    browse("org-1").get(f"/agreements/{outsiders}/milestones/9/claim", status=404)


def test_the_list_is_filtered_sorted_and_exported(browse: Browse, outsiders: str) -> None:
    officer = browse("programme-1")
    assert outsiders in officer.get("/agreements/?status=signed&q=助餐&sort=-amount").text
    assert outsiders not in officer.get("/agreements/?status=draft").text
    assert outsiders not in officer.get("/agreements/?q=不存在的项目").text
    sheet = officer.get("/agreements/?format=csv").html
    assert outsiders in sheet
    assert "60000.00" in sheet
    assert officer.get("/agreements/?format=xlsx").response.mimetype.endswith("sheet")
    assert browse("community-2").get("/agreements/?format=csv").html.count("\n") == 1


def test_a_full_account_number_never_leaves_the_house(browse: Browse, outsiders: str) -> None:
    for who in ("finance-1", "org-1"):
        html = browse(who).get(f"/agreements/{outsiders}").html
        assert "6200000000001234" not in html
        assert "1234" in html


def test_a_leader_ends_an_agreement_on_its_page(browse: Browse, outsiders: str) -> None:
    leader = browse("leader-1")
    assert "请写明" in leader.post(f"/agreements/{outsiders}/terminate", {"reason": ""}, status=422).text
    leader.post(f"/agreements/{outsiders}/terminate", {"reason": "逾期拒不整改", "liability": "own_fault"})
    assert "逾期拒不整改" in leader.get(f"/agreements/{outsiders}").text
    browse("programme-1").get(f"/agreements/{outsiders}/terminate", status=403)
