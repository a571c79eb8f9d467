"""The residents' roll: masked, imported with a look first, opened with a reason."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook

from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.people import queries
from grants.people.models import Resident, RollImport, User
from grants.people.rules.roll import COLUMNS
from grants.people.service import residents, roll
from tests.browsing import Browser
from tests.factories.people import id_number

Browse = Callable[[str | None], Browser]
pytestmark = pytest.mark.usefixtures("street")


def line(serial: int, name: str = "王秀英", community: str = "银杏社区", **more: str) -> str:
    cells = {"手机号": "13800001111", "网格": "", "小区": "", "是否外出": "", **more}
    return (
        f"{name},{id_number(serial)},{cells['手机号']},{community},{cells['网格']},{cells['小区']},{cells['是否外出']}"
    )


def table(*lines: str) -> bytes:
    return "\n".join([",".join(COLUMNS), *lines]).encode()


def upload(browser: Browser, data: bytes, name: str = "名册.csv", status: int = 302, **fields: str) -> str:
    form = {"file": (io.BytesIO(data), name), **fields}
    return browser.post("/roll/import", form, status=status).location


def user(login: str) -> User:
    found = queries.find_user(login)
    assert found is not None
    return found


def named(name: str) -> Resident | None:
    return db.session.scalars(db.select(Resident).where(Resident.name == name)).one_or_none()


def test_a_file_is_looked_at_first_and_then_imported(app: Flask, browse: Browse) -> None:
    officer = browse("community-1")
    path = upload(officer, table(line(900, 网格="第一网格", 小区="枫林苑", 是否外出="是"), line(901, "赵五", "")))
    seen = officer.get(path)
    assert "没有发现错误" in seen.text
    with app.app_context():
        assert named("王秀英") is None
    officer.post(path, {"choice": "all"})
    with app.app_context():
        found = named("王秀英")
        assert found is not None
        assert (found.community.name, found.is_away, found.estate is not None) == ("银杏社区", True, True)
        assert found.born_on.isoformat() == "1970-05-01"
        assert residents.open_identity(found).id_number == id_number(900)
        assert named("赵五") is not None
        made = db.session.scalars(db.select(RollImport)).one()
        assert (made.created_count, made.updated_count, made.draft_cipher) == (2, 0, None)
    officer.post(path, {"choice": "all"}, status=403)


def test_faults_stop_everything_unless_the_sound_lines_are_chosen(app: Flask, browse: Browse) -> None:
    officer = browse("community-1")
    path = upload(officer, table(line(900), "李四,110105194912310021,138,银杏社区,第九网格,,也许"))
    seen = officer.get(path)
    assert "校验位不符" in seen.text
    assert "11010519491231" not in seen.html
    assert "还有" in officer.post(path, {"choice": "all"}, status=422).text
    officer.post(path, {"choice": "skip"})
    with app.app_context():
        assert named("王秀英") is not None
        assert named("李四") is None


def test_a_known_person_is_updated_and_an_empty_phone_keeps_the_old_one(app: Flask, browse: Browse) -> None:
    officer = browse("community-1")
    for row in (line(900), line(900, "王秀瑛", 手机号="", 是否外出="是")):
        officer.post(upload(officer, table(row)), {"choice": "all"})
    with app.app_context():
        found = named("王秀瑛")
        assert found is not None
        assert residents.open_identity(found).phone == "13800001111"
        assert queries.count_residents() == 3


def test_a_community_officer_brings_in_their_own_community_only(app: Flask, browse: Browse) -> None:
    officer = browse("community-1")
    assert "不是您负责的社区" in officer.get(upload(officer, table(line(900, community="丹桂社区")))).text
    other = browse("community-2")
    other.post(upload(other, table(line(901, community="丹桂社区"))), {"choice": "all"})
    assert "其他社区" in officer.get(upload(officer, table(line(901)))).text
    path = upload(officer, table(line(902)))
    other.get(path, status=403)
    other.post(path, {"choice": "all"}, status=403)
    other.post(f"{path}/drop", status=403)
    officer.post(f"{path}/drop")
    with app.app_context():
        assert all(made.draft_cipher is None for made in queries.list_imports() if made.rejected == [])


def test_what_the_street_prepares_another_officer_lets_take_effect(app: Flask, browse: Browse) -> None:
    first, second = browse("programme-1"), browse("programme-2")
    path = upload(first, table(line(900, community="丹桂社区"), line(901)))
    assert "另一位同事" in first.get(path).text
    first.post(path, {"choice": "all"}, status=403)
    second.post(path, {"choice": "all"})
    with app.app_context():
        assert queries.count_residents() == 4


def test_the_draft_of_an_import_is_sealed(app: Flask, browse: Browse) -> None:
    upload(browse("community-1"), table(line(900)))
    with app.app_context():
        made = db.session.scalars(db.select(RollImport)).one()
        assert id_number(900) not in (made.draft_cipher or "")
    for file in Path(app.config["SETTINGS"].data_dir).rglob("*"):
        if file.is_file() and file.stat().st_size < 50_000_000:
            assert id_number(900).encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.csv"),
        (b"\x00\x01", "a.csv"),
        (b"<html>", "a.csv"),
        ("甲,乙\n1,2".encode(), "a.csv"),
        (b"PK\x03\x04junk", "a.xlsx"),
        (b"x", "a.exe"),
    ],
)
def test_a_file_that_is_no_roll_is_refused_at_its_field(browse: Browse, data: bytes, name: str) -> None:
    form = {"file": (io.BytesIO(data), name)}
    seen = browse("community-1").post("/roll/import", form, status=422)
    assert seen.soup.select_one("#file-error") is not None


def test_no_file_is_told_too(browse: Browse) -> None:
    seen = browse("community-1").post("/roll/import", {}, status=422)
    assert "请选择" in seen.text


def test_excel_and_gb18030_are_read(app: Flask, browse: Browse) -> None:
    officer, book = browse("community-1"), Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    sheet.append(["王秀英", id_number(900), 13800001111, "银杏社区", None, None, "否"])
    sheet.append(["李四", 110105194912310020, None, "银杏社区", None, None, None])
    buffer = io.BytesIO()
    book.save(buffer)
    seen = officer.get(upload(officer, buffer.getvalue(), "名册.xlsx"))
    assert "存成了数字" in seen.text
    text = table(line(901, "赵五")).decode().encode("gb18030")
    officer.post(upload(officer, text), {"choice": "all"})
    with app.app_context():
        assert named("赵五") is not None


def test_the_list_is_masked_and_bounded_by_community(browse: Browse) -> None:
    seen = browse("community-1").get("/roll/")
    assert "张*兰" in seen.text
    assert "张桂兰" not in seen.html
    assert "李*国" not in seen.text
    for login in ("programme-1", "supervisor-1"):
        both = browse(login).get("/roll/").text
        assert "张*兰" in both
        assert "李*国" in both
    for login in ("resident-1", "org-1", "finance-1", "leader-1", "admin-1"):
        browse(login).get("/roll/", status=403)
    browse("supervisor-1").get("/roll/import", status=403)


def test_people_are_found_by_exact_name_number_or_phone_and_the_address_tells_nothing(
    app: Flask, browse: Browse
) -> None:
    officer = browse("community-1")
    with app.app_context():
        found = named("张桂兰")
        assert found is not None
        number = residents.open_identity(found).id_number
    for words in ("张桂兰", number, "138 0000 1234"):
        path = officer.post("/roll/search", {"words": words}).location
        assert words.replace(" ", "") not in path
        assert "张*兰" in officer.get(path).text
    assert "没有找到" in officer.follow("/roll/search", {"words": "张桂"}).text
    assert "没有找到" in officer.follow("/roll/search", {"words": "李建国"}).text
    officer.get("/roll/?found=forged", status=422)
    entries = browse("supervisor-1").get("/audit/?action=roll:search").html
    assert number not in entries
    assert "张桂兰" not in entries


def test_opening_a_person_takes_a_reason_and_leaves_an_entry(app: Flask, browse: Browse) -> None:
    with app.app_context():
        found, foreign = named("张桂兰"), named("李建国")
        assert found is not None
        assert foreign is not None
        number = residents.open_identity(found).id_number
    officer, path = browse("community-1"), f"/roll/{found.id}/reveal"
    assert number not in officer.get(path).html
    assert number not in officer.post(path, {"reason": ""}, status=422).html
    assert number not in officer.post(path, {"reason": "看看"}, status=422).html
    assert number in officer.post(path, {"reason": "核对纸质选票签名"}, status=200).html
    officer.get(f"/roll/{foreign.id}/reveal", status=403)
    officer.post(f"/roll/{foreign.id}/reveal", {"reason": "核对纸质选票签名"}, status=403)
    entries = browse("supervisor-1").get("/audit/?action=resident:reveal")
    assert "核对纸质选票签名" in entries.text
    assert number not in entries.html


def test_a_person_is_opened_only_after_the_code_was_asked_again(app: Flask, browse: Browse) -> None:
    import time_machine

    from grants.foundation.clock import now

    with app.app_context():
        found = named("张桂兰")
        assert found is not None
    officer = browse("community-1")
    with time_machine.travel(now().timestamp() + 16 * 60):
        sent = officer.post(f"/roll/{found.id}/reveal", {"reason": "核对纸质选票签名"})
    assert "/step-up" in sent.location


def test_services_ask_their_policies_themselves(ctx: Flask) -> None:
    found = named("李建国")
    assert found is not None
    with pytest.raises(NotPermitted):
        residents.reveal_resident(officer=user("community-1"), resident=found, reason="核对纸质选票")
    with pytest.raises(NotPermitted):
        roll.prepare_import(officer=user("finance-1"), file_name="a.csv", data=table(line(900)), community=None)
    with pytest.raises(NotPermitted):
        residents.search_key(officer=user("finance-1"), words="张桂兰")
    made = roll.prepare_import(officer=user("community-1"), file_name="a.csv", data=table("x,1,,,,,"), community=None)
    with pytest.raises(NotPermitted):
        roll.apply_import(officer=user("community-1"), roll_import=made, skip_bad=True)


def test_the_command_imports_all_or_nothing(app: Flask, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(table(line(900), line(901, "赵五", "丹桂社区")))
    bad.write_bytes(table(line(902, "孙六"), line(903, "周七", "无名社区")))
    run = app.test_cli_runner()
    checked = run.invoke(args=["roll", "import", str(good), "--check"])
    assert (checked.exit_code, "2 new" in checked.output) == (0, True)
    with app.app_context():
        assert queries.count_residents() == 2
    assert run.invoke(args=["roll", "import", str(good)]).exit_code == 0
    failed = run.invoke(args=["roll", "import", str(bad)])
    assert failed.exit_code == 1
    assert "第 3 行，社区" in failed.stderr
    with app.app_context():
        assert queries.count_residents() == 4
    assert run.invoke(args=["roll", "import", str(bad), "--skip-bad", "--json"]).exit_code == 0
    assert run.invoke(args=["roll", "import", str(good), "--community", "nowhere"]).exit_code == 1
    with app.app_context():
        assert queries.count_residents() == 5
        assert queries.summarise_roll(None)[0].resident_count == 3


def test_a_large_table_is_read_in_pieces(ctx: Flask) -> None:
    lines = [line(900_000 + number, f"居民{'甲乙丙丁'[number % 4]}") for number in range(1200)]
    made, reading = roll.import_from_command_line(file_name="a.csv", data=table(*lines), community=None, skip_bad=False)
    assert made is not None
    assert (reading.created_count, queries.count_residents()) == (1200, 1202)
    with pytest.raises(RuleBroken):
        list(roll.read_table("a.txt", b"x"))
