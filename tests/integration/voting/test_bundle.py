"""The proof bundle of a real poll: it verifies itself, has the same bytes each time, and names nobody."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from grants.foundation.database import db
from grants.foundation.sealing import verify_signature
from grants.voting import queries, service, verify
from grants.voting.models import Poll
from grants.voting.rules import Publication, merkle_root
from grants.voting.service import bundle
from tests.browsing import Browser
from tests.factories import people, rounds, voting
from tests.integration.voting.test_board import count, post_batches
from tests.integration.voting.test_sealing import account, poll_of_street, vote

Browse = Callable[[str | None], Browser]


def counted(publication: Publication, voters: int = 30) -> Poll:
    """Return a counted poll with a board of several batches and two opened ballots."""
    from grants.voting.service.challenge import challenge

    people.make_street()
    staff = people.make_staff()
    for number in range(1, voters + 1):
        people.make_resident(f"resident-{number}", name=f"居民{number}")
    poll = voting.make_draft(staff["programme-1"], rounds.make_round(), people.community(1))
    poll.publication = publication
    service.freeze_poll(officer=staff["programme-1"], poll=poll)
    service.open_poll(officer=staff["leader-1"], poll=poll)
    db.session.commit()
    keys = [account(f"resident-{number}").resident.person_key for number in range(1, voters + 1)]  # type: ignore[union-attr]
    for key in keys[:2]:
        token = service.mint_form(poll=poll, person_key=key)
        challenge(poll=poll, person_key=key, marking={"02": 1}, token=token)
        db.session.commit()
    for number, key in enumerate(keys):
        vote(poll, key, f"{number % 4 + 1:02d}")
        if number % 10 == 9:
            post_batches()
    return count(poll.ref)


@pytest.mark.parametrize("publication", Publication)
def test_the_downloaded_bundle_verifies_itself(
    app: Flask, browse: Browse, tmp_path: Path, publication: Publication
) -> None:
    with app.app_context():
        ref = counted(publication).ref
    first = browse(None).get(f"/polls/{ref}/bundle.zip").response.data
    assert browse("resident-1").get(f"/polls/{ref}/bundle.zip").response.data == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / ref
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    held = (folder / "ballots.csv").read_text()
    with app.app_context():
        codes = [row[0] for row in queries.list_box(queries.get_poll(ref))]
    assert all(code in held for code in codes) is (publication is Publication.OPEN)
    assert any(code in held for code in codes) is (publication is Publication.OPEN)
    everything = b"".join(path.read_bytes() for path in folder.iterdir()).decode()
    assert "居民1" not in everything


def test_the_command_writes_and_verifies(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        ref = counted(Publication.PROTECTED, 12).ref
        db.session.commit()
    runner = app.test_cli_runner()
    folder = tmp_path / "proof"
    assert runner.invoke(args=["poll", "bundle", ref, "-o", str(folder)]).exit_code == 0
    good = runner.invoke(args=["verify", str(folder)])
    assert (good.exit_code, "✓" in good.output) == (0, True)
    again = runner.invoke(args=["poll", "bundle", ref, "-o", str(folder)])
    assert again.exit_code == 1
    assert len(again.output.strip().splitlines()) == 1
    assert runner.invoke(args=["poll", "bundle", "TP-99", "-o", str(tmp_path / "x")]).exit_code == 1
    roll = json.loads((folder / "roll.json").read_text())
    roll["channels"]["web"] += 1
    (folder / "roll.json").write_text(json.dumps(roll))
    bad = runner.invoke(args=["verify", str(folder)])
    assert (bad.exit_code, "roll" in bad.output) == (1, True)
    (folder / "rules.json").unlink()
    assert runner.invoke(args=["verify", str(folder)]).exit_code == 1
    assert runner.invoke(args=["verify", str(tmp_path / "nothing")]).exit_code == 2


def test_the_published_root_is_that_of_the_last_batch(ctx: Flask) -> None:
    poll = counted(Publication.OPEN, 25)
    assert poll.result is not None
    last = queries.find_last_checkpoint(poll)
    assert last is not None
    assert poll.result["root"] == last.root == merkle_root(queries.list_board_leaves(poll))
    assert last.size == 25


def test_before_the_count_there_is_no_bundle_and_no_choice_anywhere(app: Flask, browse: Browse) -> None:
    with app.app_context():
        poll, keys = poll_of_street(25)
        ref = poll.ref
        codes = [vote(poll, key, "03") for key in keys]
        post_batches()
    for login in (None, "resident-1", "programme-1", "leader-1", "supervisor-1", "admin-1"):
        browser = browse(login)
        browser.get(f"/polls/{ref}/bundle.zip", status=404)
        browser.get(f"/polls/{ref}/choices.csv", status=404)
        for path in ("board", "board.csv", "poster"):
            html = browser.get(f"/polls/{ref}/{path}").html
            assert not any(code in html for code in codes)
    lines = browse(None).get(f"/polls/{ref}/board.csv").html.splitlines()
    assert len(lines) == 11
    assert lines[0].endswith("position,leaf")


def test_a_protected_board_shows_no_code_and_an_open_one_all(app: Flask, browse: Browse) -> None:
    with app.app_context():
        poll = counted(Publication.PROTECTED, 12)
        ref, codes = poll.ref, [row[0] for row in queries.list_box(poll)]
    for path in ("board", "board.csv", "choices.csv"):
        html = browse("supervisor-1").get(f"/polls/{ref}/{path}").html
        assert not any(code in html for code in codes)
    assert browse(None).get(f"/polls/{ref}/choices.csv").html.split()[1:] == sorted(
        ["01"] * 3 + ["02"] * 3 + ["03"] * 3 + ["04"] * 3
    )
    told = browse(None).post(f"/polls/{ref}/receipt", {"code": codes[0]}, status=200).text
    assert "在公示板上" in told
    assert "这张选票选了" not in told


def test_an_open_board_lists_codes_with_choices(app: Flask, browse: Browse) -> None:
    with app.app_context():
        poll = counted(Publication.OPEN, 12)
        ref, box = poll.ref, queries.list_box(poll)
    page = browse(None).get(f"/polls/{ref}/board").html
    table = browse(None).get(f"/polls/{ref}/board.csv").html
    for code, choices, salt, leaf in box:
        assert code in page
        assert f"{leaf},{code},{choices},{salt}" in table
    assert "这张选票选了" in browse(None).post(f"/polls/{ref}/receipt", {"code": box[0][0]}, status=200).text


def test_a_slip_is_printed_only_for_a_receipt_that_we_signed(app: Flask, browse: Browse) -> None:
    with app.app_context():
        poll, keys = poll_of_street(2)
        token = service.mint_form(poll=poll, person_key=keys[0])
        receipt = service.cast(poll=poll, person_key=keys[0], marking={"01": 1}, token=token)
        db.session.commit()
    fields = {"code": receipt.code, "leaf": receipt.leaf, "signature": receipt.signature}
    path = f"/polls/{receipt.poll_ref}/slip"
    slip = browse(None).post(path, fields, status=200)
    assert slip.soup.find("svg", class_="qr") is not None
    for name in fields:
        browse(None).post(path, {**fields, name: fields[name][:-1] + "0"[::-1] + "f"}, status=422)
        browse(None).post(path, {**fields, name: ""}, status=422)
    key = browse(None).get("/polls/keys.json").response.json["ed25519"]
    signed = f"{receipt.poll_ref}|{receipt.code}|{receipt.leaf}".encode()
    assert verify_signature(key, signed, bytes.fromhex(receipt.signature))
    whole = f"{receipt.poll_ref}|{receipt.code}|{receipt.leaf}|{receipt.signature}"
    found = browse(None).post(f"/polls/{receipt.poll_ref}/receipt", {"code": whole}, status=200).text
    assert "回执上的签名是真的" in found
    assert "已收下" in found
    other = whole[:-1] + ("0" if whole[-1] != "0" else "1")
    forged = browse(None).post(f"/polls/{receipt.poll_ref}/receipt", {"code": other}, status=200).text
    assert "不是本系统" in forged


def test_a_genuine_receipt_of_a_lost_ballot_says_that_it_is_evidence(app: Flask, browse: Browse) -> None:
    from grants.voting.models import Ballot

    with app.app_context():
        poll, keys = poll_of_street(2)
        token = service.mint_form(poll=poll, person_key=keys[0])
        receipt = service.cast(poll=poll, person_key=keys[0], marking={"01": 1}, token=token)
        db.session.commit()
        db.session.execute(db.delete(Ballot))
        db.session.commit()
    whole = f"{receipt.poll_ref}|{receipt.code}|{receipt.leaf}|{receipt.signature}"
    found = browse(None).post(f"/polls/{receipt.poll_ref}/receipt", {"code": whole}, status=200).text
    assert "回执上的签名是真的" in found
    assert "系统出错的证据" in found


def test_the_verifier_in_the_bundle_is_the_one_that_is_tested(ctx: Flask) -> None:
    poll = counted(Publication.OPEN, 12)
    assert bundle.files_of(poll)["verify.py"] == Path(verify.__file__).read_bytes()


def test_every_counted_poll_of_the_demo_verifies(demo: Flask, tmp_path: Path) -> None:
    with demo.app_context():
        polls = db.session.scalars(db.select(Poll).where(Poll.status == "counted").order_by(Poll.ref)).all()
        assert len(polls) >= 3
        for poll in polls:
            bundle.write(poll, tmp_path / poll.ref)
            assert verify.check(tmp_path / poll.ref) == [], poll.ref
