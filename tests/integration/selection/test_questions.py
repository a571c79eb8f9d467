"""Questions on a call: who asks until when, who answers, what everybody reads and nobody learns."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import set_to
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.selection import queries, service
from grants.selection.models import CallQuestion
from grants.selection.queries import list_due_for, questions
from tests.browsing import Browser
from tests.factories import selection

CALL = "ZM-2026-01-0001"
ASKED = "服务点能否设在两个社区？"
SAID = "可以，但主要活动应在立项社区开展。"


@pytest.mark.usefixtures("ctx")
def test_questions_end_three_days_before_the_deadline_and_a_later_deadline_moves_that() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    last = call.closes_at - timedelta(days=3)
    with set_to(last - timedelta(seconds=1)):
        service.ask_about_call(call=call, actor=stage.members[0], text=ASKED)
    with set_to(last):
        with pytest.raises(NotPermitted, match="咨询已经截止"):
            service.ask_about_call(call=call, actor=stage.members[0], text=ASKED)
        extension = service.propose_extension(
            call=call, officer=stage.programme, closes_at=call.closes_at + timedelta(days=1), reason="答复较晚。"
        )
        service.decide_extension(extension=extension, officer=stage.leader, is_approved=True)
        service.ask_about_call(call=call, actor=stage.members[0], text=ASKED)
    assert len(questions.list_waiting(call)) == 2


@pytest.mark.usefixtures("ctx")
def test_officers_answer_once_and_nobody_floods() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    for officer in (stage.programme, stage.leader, stage.experts[0]):
        with pytest.raises(NotPermitted):
            service.ask_about_call(call=call, actor=officer, text=ASKED)
    for number in range(5):
        service.ask_about_call(call=call, actor=stage.members[0], text=f"{ASKED}{number}")
    with pytest.raises(RuleBroken, match="等待答复"):
        service.ask_about_call(call=call, actor=stage.members[0], text=ASKED)
    assert any("答复申报咨询：5 条" in str(one.title) for one in list_due_for(stage.programme))
    first = questions.list_waiting(call)[0]
    with pytest.raises(NotPermitted):
        service.answer_question(question=first, officer=stage.leader, answer=SAID)
    with pytest.raises(RuleBroken, match="答复"):
        service.answer_question(question=first, officer=stage.programme, answer=" ")
    service.answer_question(question=first, officer=stage.programme, answer=SAID)
    with pytest.raises(NotPermitted, match="已有公开答复"):
        service.answer_question(question=first, officer=stage.programme, answer="改一下")


def _keep(question: CallQuestion) -> None:
    with db.session.begin_nested():
        db.session.add(question)
        db.session.flush()


@pytest.mark.usefixtures("ctx")
def test_an_answer_is_whole_and_never_by_the_asker() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    asker = stage.members[0]
    for wrong in (
        {"answer": SAID},
        {"answer": "", "answered_by_id": stage.programme.id, "answered_at": call.opens_at},
        {"answer": SAID, "answered_by_id": asker.id, "answered_at": call.opens_at},
    ):
        with pytest.raises(IntegrityError):
            _keep(CallQuestion(call_id=call.id, text=ASKED, asked_by_id=asker.id, **wrong))


def test_everybody_reads_question_and_answer_and_nobody_who_asked(
    app: Flask, browse: Callable[[str | None], Browser], staged: Callable[..., None]
) -> None:
    staged(selection.make_call)
    path = f"/calls/{CALL}"
    assert "/sign-in" in browse(None).get(f"{path}/ask", status=302).location
    browse("programme-1").get(f"{path}/ask", status=403)
    asker, rival = browse("org-1"), browse("org-2")
    assert "请写下您的问题" in asker.post(f"{path}/ask", {"text": " "}, status=422).text
    asker.post(f"{path}/ask", {"text": ASKED}, status=302)
    assert ASKED in asker.get(path).text
    assert ASKED not in rival.get(path).text
    assert ASKED not in browse(None).get(path).text
    with app.app_context():
        question = questions.list_waiting(queries.get_call(CALL))[0].id
    answering = f"{path}/questions/{question}"
    rival.get(answering, status=403)
    officer = browse("programme-1")
    page = officer.get(answering).text
    assert ASKED in page
    assert "周敏" not in page
    officer.post(answering, {"answer": ""}, status=422)
    officer.post(answering, {"answer": SAID}, status=302)
    officer.get(answering, status=403)
    for reader in (None, "org-2", "expert-1", "programme-1"):
        text = browse(reader).get(path).text
        assert ASKED in text
        assert SAID in text
        assert "周敏" not in text
        assert "暖阳" not in text
    assert "已有答复" in asker.get("/desk/messages").text
