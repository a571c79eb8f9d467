"""The fiscal self-evaluation: what people judge and explain; the points follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from grants.evaluation import policy, queries
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import FiscalLevel, why_not_judge
from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.rules import Measure


@dataclass(frozen=True)
class Judgement:
    """Why an indicator deviates and what will be done; level and percent of a qualitative one; percent cut."""

    note: str = ""
    level: FiscalLevel | None = None
    percent: float | None = None
    cut: float = 0


def fill_fiscal(*, actor: User, evaluation: Evaluation, judgements: Mapping[int, Judgement]) -> None:
    """Set the judgements, by the position of the indicator. Only the office cuts points.

    Raises RuleBroken, naming the indicator, for a judgement that makes no sense.
    """
    require(policy.why_not_fill_fiscal(actor, evaluation))
    for line in queries.fiscal_table(evaluation).lines:
        judged, kept = judgements.get(line.indicator.position), line.measurement
        if judged is None:
            continue
        if kept is None:
            raise RuleBroken(_("“%(name)s”还没有完成值，请先在评价页填写。", name=line.indicator.name))
        if judged.level is not None and line.indicator.measure is not Measure.MANUAL:
            raise RuleBroken(_("“%(name)s”由系统统计，不作定性评判。", name=line.indicator.name))
        refused = why_not_judge(line.row, judged.level, judged.percent, judged.cut)
        if refused is not None:
            raise RuleBroken(_("“%(name)s”：%(reason)s", name=line.indicator.name, reason=refused))
        if judged.cut != kept.cut_percent and not actor.has_role(Role.PROGRAMME, Role.FINANCE):
            raise RuleBroken(_("扣减由街道核定。"))
        kept.note, kept.level, kept.level_percent = judged.note.strip(), judged.level, judged.percent
        kept.cut_percent = judged.cut
    db.session.flush()
    audit.record("evaluation:fiscal", actor=actor, subject=evaluation, indicators=len(judgements))
