"""One whole round, act by act: from a resident's need to the last fen and the closed project."""

from tests.journeys.acts import agreement, applying, evaluation, money, needs, projects, selection, voting, work
from tests.journeys.stage import Stage


def play(stage: Stage) -> None:
    """Play it in the rehearsal round, where notices and deadlines may be brought forward; every other rule holds."""
    needs.play(stage)
    voting.play(stage)
    projects.play(stage)
    applying.play(stage)
    selection.play(stage)
    agreement.play(stage)
    money.pay(stage, 1)
    stage.books_hold()
    work.play(stage)
    money.spend(stage, 85)
    evaluation.half_way(stage)
    money.pay(stage, 2)
    money.spend(stage, 15)
    work.reach(stage, 2)
    evaluation.rate(stage)
    evaluation.close(stage)
    stage.books_hold()
