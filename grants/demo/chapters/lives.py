"""The life of one project, from the first need to the archive, as far as the story takes it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from grants.agreements.models import Agreement
from grants.demo.chapters import books, delivery, evaluation, money, projects, selection
from grants.demo.teller import Teller
from grants.demo.themes import Theme
from grants.needs.models import Need
from grants.people.models import Organisation
from grants.people.rules import LegalKind
from grants.projects import service as project_service
from grants.projects.models import Project
from grants.selection import service as selection_service
from grants.selection.models import Call

STAGES = (
    "draft",
    "costed",
    "announced",
    "funded",
    "called",
    "closed",
    "reviewing",
    "award_announced",
    "awarded",
    "signed",
    "first_asked",
    "first_approved",
    "paid",
    "midway",
    "troubled",
    "second_asked",
    "delivered",
    "evaluated",
    "archived",
)


FIRST_STOP = {"first_asked": "community", "first_approved": "leader"}
"""Where the first payment waits in the stories that stop there."""


@dataclass
class Life:
    """One project to be told: what it answers, how long it runs, how far it gets."""

    need: Need
    theme: Theme
    until: str
    months: int = 8
    activities: int = 10
    quality: int = 90
    liking: int = 94

    def reaches(self, stage: str) -> bool:
        """Tell whether the story takes the project this far."""
        return STAGES.index(self.until) >= STAGES.index(stage)


@dataclass
class Season:
    """What the projects of one round share: who has applied how often."""

    applied: dict[str, int] = field(default_factory=dict)

    def applicants(self, teller: Teller, theme: Theme, count: int, limit: int) -> list[Organisation]:
        """Choose organisations that are good at the theme first, none more often than the round allows."""
        strong = teller.ground.strong_in.get(theme.strong_in, [])
        others = [one for one in teller.ground.organisations.values() if one not in strong]
        teller.dice.shuffle(others)
        usable = [
            one
            for one in (*strong, *others)
            if self.applied.get(one.ref, 0) < limit and (one.legal_kind is not LegalKind.FILED or one in strong)
        ][:count]
        for one in usable:
            self.applied[one.ref] = self.applied.get(one.ref, 0) + 1
        return usable


def live(teller: Teller, season: Season, life: Life, day: date) -> Project:
    """Tell one project's life from its draft on `day`."""
    project = projects.draft(teller, life.need, life.theme, day, life.months)
    if not life.reaches("costed"):
        return project
    if life.until == "costed":
        with teller.on(day + timedelta(days=1), 9):
            project_service.submit_costs(project=project, officer=teller.user("programme-2"))
        return project
    projects.decide(teller, project, day + timedelta(days=1))
    projects.announce(teller, project, day + timedelta(days=5))
    if not life.reaches("funded"):
        return project
    funded_on = projects.fund(teller, project)
    if life.reaches("called"):
        _select(teller, season, life, project, max(funded_on + timedelta(days=1), _call_day(project, funded_on)))
    return project


def _call_day(project: Project, day: date) -> date:
    dates = next(phase for phase in project.round.phases if phase.phase == "call")
    return max(day + timedelta(days=1), dates.starts_on)


def _select(teller: Teller, season: Season, life: Life, project: Project, day: date) -> None:
    call = selection.publish(teller, project, day)
    limit = int(project.round.settings["applications_per_organisation"])
    bodies = season.applicants(teller, life.theme, 2, limit)
    for number, body in enumerate(bodies):
        application = selection.apply(teller, call, body, life.theme, day + timedelta(days=8 + number))
        if life.until != "called" or number == 0:
            selection.submit(teller, application, day + timedelta(days=12 + number))
    if not life.reaches("closed"):
        return
    if life.until == "closed":
        with teller.on(day + timedelta(days=21), 9):
            selection_service.close_call(call=call, officer=teller.user("programme-2"))
        return
    judged_on = max(selection.check(teller, call), _phase_start(project, "review"))
    selection.judge(teller, call, judged_on, experts_done=life.until != "reviewing")
    if life.reaches("award_announced"):
        _award(teller, life, call, judged_on + timedelta(days=9))


def _phase_start(project: Project, name: str) -> date:
    return next(phase.starts_on for phase in project.round.phases if phase.phase == name)


def _award(teller: Teller, life: Life, call: Call, day: date) -> None:
    selection.award(teller, call, day)
    if not life.reaches("awarded"):
        return
    winner, confirmed_on = selection.confirm(teller, call)
    if life.reaches("signed"):
        agreement = delivery.sign(teller, winner, confirmed_on + timedelta(days=2), life.months)
        if life.reaches("first_asked"):
            _deliver(teller, life, agreement)


def _deliver(teller: Teller, life: Life, agreement: Agreement) -> None:
    start, end = agreement.starts_on, agreement.ends_on
    watchers = delivery.draw(teller, agreement, start + timedelta(days=1))
    first = money.ask(teller, agreement, 1, start + timedelta(days=1))
    money.walk(teller, first, start + timedelta(days=1), last=FIRST_STOP.get(life.until, "confirmed"))
    if not life.reaches("midway"):
        return
    span = ((end - start).days - 12) // life.activities if life.reaches("delivered") else 5
    half = life.activities // 2
    for number in range(half):
        delivery.hold(teller, agreement, life.theme, start + timedelta(days=8 + number * span), number)
    middle = start + timedelta(days=10 + half * span)
    money.spend(teller, agreement, 42, middle)
    delivery.verify(teller, agreement, 1, watchers, middle)
    evaluation.half_way(teller, agreement, middle, life.until)
    if life.until == "troubled":
        delivery.inspect(teller, agreement, middle - timedelta(days=3))
        delivery.trouble(teller, agreement, middle + timedelta(days=3))
    if life.until == "second_asked":
        delivery.plan_next(teller, agreement, middle + timedelta(days=2))
        delivery.ask_change(teller, agreement, middle + timedelta(days=4))
        asked_on = evaluation.counted_on(agreement, middle + timedelta(days=5))
        request = money.ask(teller, agreement, 2, asked_on)
        money.walk(teller, request, asked_on, last="community")
        money.correct(teller, request, asked_on + timedelta(days=3))
        money.walk(teller, request, asked_on + timedelta(days=2), last="programme")
    if not life.reaches("delivered"):
        return
    second_on = evaluation.counted_on(agreement, middle + timedelta(days=6))
    second = money.ask(teller, agreement, 2, second_on)
    money.walk(teller, second, second_on)
    delivery.change_leader(teller, agreement, middle + timedelta(days=8))
    books.give(teller, agreement, middle + timedelta(days=9))
    for number in range(half, life.activities):
        delivery.hold(teller, agreement, life.theme, start + timedelta(days=8 + number * span), number)
    money.spend(teller, agreement, 56, end - timedelta(days=2))
    delivery.verify(teller, agreement, 2, watchers, end - timedelta(days=1))
    _judge(teller, life, agreement, end + timedelta(days=5))


def _judge(teller: Teller, life: Life, agreement: Agreement, day: date) -> None:
    answers = 36 + teller.dice.randrange(30)
    opened = evaluation.survey(teller, agreement, day, answers, life.liking)
    if not life.reaches("evaluated"):
        return
    evaluation.close_survey(teller, opened, day + timedelta(days=8))
    result = evaluation.evaluate(teller, agreement, day + timedelta(days=9), life.quality)
    if life.until == "evaluated":
        return
    evaluation.publish(teller, result, day + timedelta(days=13))
    if result.grade == "fail":
        return
    last = money.ask(teller, agreement, 3, day + timedelta(days=15))
    money.walk(teller, last, day + timedelta(days=15))
    evaluation.close(teller, result, day + timedelta(days=25))
    books.settle(teller, agreement, day + timedelta(days=27))
