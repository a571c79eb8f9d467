"""An application as a blind reader may see it: no organisation, no names, neutral attachments."""

from dataclasses import dataclass

from grants.foundation.i18n import Text
from grants.rounds.rules import BUDGET_LABELS
from grants.selection.models import Application, ApplicationDocument
from grants.selection.queries.judging import names_to_hide
from grants.selection.queries.papers import budget_rows
from grants.selection.rules import BLIND_DOCUMENTS, DOCUMENT_LABELS, SECTIONS, MoneySource
from grants.selection.rules.blinding import blind_text
from grants.selection.rules.budget import leverage_percent, total


@dataclass(frozen=True)
class BlindRow:
    """A budget line without anything that names the applicant."""

    code: Text
    content: str
    unit_price_fen: int
    quantity: int

    @property
    def amount_fen(self) -> int:
        """Return price × quantity in 分."""
        return self.unit_price_fen * self.quantity


@dataclass(frozen=True)
class BlindMember:
    """A member of the team without a name."""

    duty: str
    qualification: str
    is_leader: bool


@dataclass(frozen=True)
class BlindActivity:
    """A planned activity."""

    month: str
    title: str
    session_count: int
    person_count: int


@dataclass(frozen=True)
class BlindSheet:
    """All that an expert or a juror sees of an application."""

    label: str
    title: str
    sections: tuple[tuple[str, Text, str], ...]
    person_target: int
    attendance_target: int
    activity_target: int
    promises: tuple[tuple[str, float, float, str], ...]
    activities: tuple[BlindActivity, ...]
    fiscal: tuple[BlindRow, ...]
    social: tuple[BlindRow, ...]
    fiscal_fen: int
    social_fen: int
    leverage: float | None
    team: tuple[BlindMember, ...]
    documents: tuple[tuple[int, Text], ...]


def documents(application: Application) -> list[ApplicationDocument]:
    """Return the attachments that a blind reader may open, in the order of their numbers."""
    return [one for one in application.documents if one.kind in BLIND_DOCUMENTS]


def sheet(application: Application) -> BlindSheet:
    """Return an application with every name taken out."""
    organisations, people = names_to_hide(application)

    def clean(text: str) -> str:
        return blind_text(text, organisations, people)

    def rows(source: MoneySource) -> tuple[BlindRow, ...]:
        return tuple(
            BlindRow(BUDGET_LABELS[row.code], clean(row.content), row.unit_price_fen, row.quantity)
            for row in budget_rows(application, source)
        )

    fiscal, social = budget_rows(application, MoneySource.FISCAL), budget_rows(application, MoneySource.SOCIAL)
    return BlindSheet(
        label=application.blind_label or "",
        title=clean(application.title),
        sections=tuple(
            (key, label, clean(application.sections.get(key, ""))) for key, (label, _limit) in SECTIONS.items()
        ),
        person_target=application.person_target,
        attendance_target=application.attendance_target,
        activity_target=application.activity_target,
        promises=tuple(
            (one.indicator.name, one.target, one.indicator.target, one.indicator.unit) for one in application.targets
        ),
        activities=tuple(
            BlindActivity(one.month.strftime("%Y-%m"), clean(one.title), one.session_count, one.person_count)
            for one in application.activities
        ),
        fiscal=rows(MoneySource.FISCAL),
        social=rows(MoneySource.SOCIAL),
        fiscal_fen=total(fiscal),
        social_fen=total(social),
        leverage=leverage_percent(total(fiscal), total(social)),
        team=tuple(BlindMember(clean(one.duty), clean(one.qualification), one.is_leader) for one in application.team),
        documents=tuple((number, DOCUMENT_LABELS[one.kind]) for number, one in enumerate(documents(application), 1)),
    )
