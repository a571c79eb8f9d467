"""Two people at once: one decision comes first, the other is refused, nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask

from grants.foundation.clock import set_to
from grants.foundation.database import db
from grants.foundation.errors import DomainError
from grants.people.queries import find_user
from grants.rounds.models import Notice
from grants.rounds.rules import NoticeKind
from grants.selection import queries, service
from grants.selection.queries import judging
from grants.selection.queries import papers as paper_queries
from tests.factories import selection

Staged = Callable[..., None]
CALL = "ZM-2026-01-0001"
PAPER = "SB-2026-01-0001"
AT_ONCE = 4


def _together(app: Flask, days: float, act: Callable[[], object]) -> list[str]:
    """Do the same thing from several connections at once; return how each came out."""
    with app.app_context():
        moment = queries.get_call(CALL).closes_at + timedelta(days=days)

    def once(_number: int) -> str:
        with app.app_context(), set_to(moment):
            try:
                act()
                db.session.commit()
            except DomainError as refusal:
                db.session.rollback()
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(once, range(AT_ONCE)))


def test_an_award_is_announced_once_however_many_press(app: Flask, staged: Staged) -> None:
    def bring(stage: selection.Stage) -> None:
        call = selection.make_ranked(stage)
        with selection.later(call, days=2):
            service.propose_award(call=call, officer=stage.programme)

    staged(bring)

    def announce() -> None:
        leader = find_user("leader-1")
        assert leader is not None
        service.announce_award(call=queries.get_call(CALL), leader=leader)

    assert sorted(_together(app, 3, announce)).count("done") == 1
    with app.app_context():
        notices = db.session.scalars(db.select(Notice).where(Notice.kind == NoticeKind.AWARD)).all()
        assert len(notices) == 1


def test_an_application_is_handed_in_once(app: Flask, staged: Staged) -> None:
    staged(lambda stage: selection.make_complete(stage, selection.make_call(stage)))

    def submit() -> None:
        member = find_user("org-1")
        assert member is not None
        application = queries.get_application(PAPER)
        service.submit_application(application=application, actor=member, has_declared=True)

    assert _together(app, -1, submit).count("done") == 1
    with app.app_context():
        assert len(paper_queries.list_submissions(queries.get_application(PAPER))) == 1


def test_a_sheet_is_either_saved_before_its_lock_or_refused(app: Flask, staged: Staged) -> None:
    def bring(stage: selection.Stage) -> None:
        call = selection.make_reviewing(stage)
        selection.declare_all(call)
        selection.score(judging.list_reviews(call)[0], 0.8, lock=False)

    staged(bring)
    with app.app_context():
        sheet = next(one for one in judging.list_reviews(queries.get_call(CALL)) if one.scores)
        identity, total = sheet.id, sheet.total

    def lock() -> None:
        review = judging.get_review(identity)
        service.lock_review(review=review, actor=review.member.expert)

    assert _together(app, 2, lock).count("done") == 1
    with app.app_context():
        assert judging.get_review(identity).total == total
