"""The 评审打分表 of a call with its 汇总表: every expert's points, the jury, the community, and the ranking from them.

Experts stand under their labels and jurors as a distribution: the paper shows how scores came about, not who gave them.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.people.models import User
from grants.projects.models import Project
from grants.rounds.models import Criterion
from grants.rounds.rules import WEIGHT_LABELS, ScoreTableKind
from grants.selection.models import Application, Call
from grants.selection.queries import judging, results
from grants.selection.queries.results import Evidence, exact
from grants.selection.rules import APPLICATION_STATUS_LABELS, CALL_STATUS_LABELS, CallStatus, setting
from grants.selection.rules.scoring import Heard, Judged, judge
from reports.data.balance import Balance
from reports.data.common import Signatory
from reports.data.sheet import Part, Sheet
from reports.data.table import CENTRE, RIGHT, Column, Row, Table
from reports.formatting import UNKNOWN, decimal
from reports.gather.common import Gathered, unissued_stamp

DECIDED = (CallStatus.ANNOUNCED, CallStatus.AWARDED)
BANDS = ((90, "90分及以上"), (80, "80—89分"), (70, "70—79分"), (60, "60—69分"), (0, "60分以下"))


def gather(reference: str) -> Gathered:
    """Return the score sheets of a ranked call; a draft until its result is announced. Raises NotFound."""
    call, decided_by, seconded_by = _read(reference)
    # Read first: every score then finds its criterion in memory
    criteria = judging.criteria(call.project.round, ScoreTableKind.SELECTION)
    found = results.evidence(call)
    ranked = sorted(
        (one for one in found if one.application.rank is not None), key=lambda one: one.application.rank or 0
    )
    recount = {one.key: one for one in _recount(call, found)}
    panel = judging.list_panel(call)
    is_draft = call.status not in DECIDED
    boxes = (Signatory("编制"), Signatory("审核", decided_by or ""), Signatory("审批", seconded_by or ""))
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=is_draft, signatories=boxes),
        title="评审打分表和汇总表",
        about=f"{call.project.title}（{call.ref}）",
        above=call.project.round.name,
        parts=(
            Part("汇总表", text=_method(call), tables=(_summary(ranked, call),)),
            *(Part(f"申报单位{one.application.blind_label}评分", tables=_scores(one, criteria)) for one in ranked),
            Part("评审组织", text=_organisation(call, panel, found)),
        ),
        balances=tuple(_balance(one.application, recount.get(one.application.ref)) for one in ranked),
        is_wide=True,
    )
    round_ = call.project.round
    return Gathered(sheet, f"评审打分汇总表 {call.ref}", f"PS-{round_.year}-{round_.number:02d}", is_draft)


def _read(reference: str) -> tuple[Call, str | None, str | None]:
    decider, second = aliased(User), aliased(User)
    row = db.session.execute(
        select(Call, decider.display_name, second.display_name)
        .outerjoin(decider, decider.id == Call.decided_by_id)
        .outerjoin(second, second.id == Call.seconded_by_id)
        .where(Call.ref == reference, Call.ranked_at.is_not(None))
        .options(joinedload(Call.project).joinedload(Project.round))
    ).one_or_none()
    if row is None:
        raise NotFound(_("没有找到已经评审排名的征集，请核对编号。"))
    return row[0], row[1], row[2]


def _recount(call: Call, found: Sequence[Evidence]) -> list[Judged]:
    """Return what the scores alone give, as the ranking page does."""
    settings = call.project.round.settings
    heard = [
        Heard(one.application.ref, tuple(one.totals), one.jury_totals, one.opinion.points, one.tie_means())
        for one in found
        if one.opinion is not None
    ]
    return judge(
        heard,
        weights=setting(settings, "selection_weights"),
        trimmed_from=int(setting(settings, "scores_trimmed_from")),
        seed=call.draw_seed or "",
    )


def _balance(application: Application, recount: Judged | None) -> Balance:
    stored = round(Decimal(str(application.composite_score or 0)) * 100)
    counted = round(recount.composite * 100) if recount is not None else -1
    return Balance(
        f"申报单位{application.blind_label}综合得分",
        (("系统公布", int(stored)), ("按打分表重算", int(counted))),
        unit="百分之一分",
    )


def _method(call: Call) -> str:
    formula = results.formula(call)
    weights = "、".join(f"{WEIGHT_LABELS[name]}占{share}%" for name, share in formula.weights.items())
    return (
        f"综合得分：{weights}。专家评分达{formula.trimmed_from}份时去掉一个最高分和一个最低分后取平均，"
        f"合格线{formula.pass_score}分。得分由打分表重新计算并与系统公布的得分核对一致。"
        f"当前状态：{CALL_STATUS_LABELS[call.status]}。"
    )


def _summary(ranked: Sequence[Evidence], call: Call) -> Table:
    rows = []
    for one in ranked:
        application = one.application
        rows.append(
            Row(
                (
                    str(application.rank),
                    f"{application.blind_label}　{application.organisation.name}",
                    yuan(application.fiscal_fen),
                    decimal(application.expert_score),
                    decimal(application.jury_score),
                    decimal(application.community_score),
                    decimal(application.composite_score),
                    str(APPLICATION_STATUS_LABELS[application.status]),
                    application.tie_note or UNKNOWN,
                )
            )
        )
    return Table(
        f"综合评分汇总（{call.project.title}）",
        (
            Column("名次", 6, CENTRE),
            Column("申报单位", 26),
            Column("申请资金（元）", 14, RIGHT),
            Column("专家", 9, RIGHT),
            Column("居民", 9, RIGHT),
            Column("社区", 9, RIGHT),
            Column("综合得分", 10, RIGHT),
            Column("结果", 9, CENTRE),
            Column("同分处理", 8, CENTRE),
        ),
        tuple(rows),
    )


def _scores(one: Evidence, criteria: Sequence[Criterion]) -> tuple[Table, ...]:
    tables = [_experts(one, criteria)] if one.locked else []
    if one.jury_totals:
        tables.append(_jury(one))
    return tuple(tables)


def _experts(one: Evidence, criteria: Sequence[Criterion]) -> Table:
    sheets = sorted(one.locked, key=lambda review: review.member.label)
    given = [{score.criterion_id: exact(score.points) for score in review.scores} for review in sheets]
    width = 40 // len(sheets)
    rows = [
        Row((line.group, line.name, str(line.max_points), *(decimal(points.get(line.id), 1) for points in given)))
        for line in criteria
    ]
    totals = (decimal(sum(points.values(), Decimal(0)), 1) for points in given)
    whole = Row(("合计", "", str(sum(line.max_points for line in criteria)), *totals), "total")
    return Table(
        f"申报单位{one.application.blind_label}：专家打分",
        (
            Column("一级指标", 22),
            Column("评分项", 60 - 30 + 40 - width * len(sheets)),
            Column("满分", 8, CENTRE),
            *(Column(review.member.label, width, RIGHT) for review in sheets),
        ),
        (*rows, whole),
        note=_dropped(one),
        is_dense=True,
    )


def _dropped(one: Evidence) -> str:
    left = [f"回避{one.recused_count}人"] if one.recused_count else []
    reasons = [f"{review.member.label}：{review.deviation_reason}" for review in one.locked if review.deviation_reason]
    return "；".join((*left, *reasons))


def _jury(one: Evidence) -> Table:
    counted: Counter[str] = Counter(next(name for least, name in BANDS if total >= least) for total in one.jury_totals)
    opinion = one.opinion
    community = f"社区评价{opinion.points}分：{opinion.text}" if opinion is not None else ""
    return Table(
        f"申报单位{one.application.blind_label}：居民评审团打分分布（{len(one.jury_totals)}人）",
        tuple(Column(name, 20, CENTRE) for _least, name in BANDS),
        (Row(tuple(f"{counted[name]}人" for _least, name in BANDS)),),
        note=community,
    )


def _organisation(call: Call, panel: Sequence[Any], found: Sequence[Evidence]) -> str:
    serving = [one for one in panel if one.replaced_at is None]
    finance = sum(one.is_finance for one in serving)
    conflicts = sum(declared.has_conflict for one in panel for declared in one.declarations)
    return (
        f"专家组{len(serving)}人，其中财务专家{finance}人，均由专家库随机抽取，并在评审前提交利益冲突声明；"
        f"更换{len(panel) - len(serving)}人，因利益关系回避{conflicts}人次。进入评审的申报书{len(found)}份，匿名评审。"
        f"抽取种子{call.draw_seed or UNKNOWN}，任何人可据此复核。"
    )
