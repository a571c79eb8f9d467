"""Money of the 届次总结: by category, by month, by community; checked to the 分 first."""

from grants.foundation.money import yuan
from reports.data.round_summary import EnvelopeRow, MonthRow, ProjectRow, RoundSummary
from reports.formatting import UNKNOWN, count, percent
from reports.tables.base import (
    CENTRE,
    RIGHT,
    TOTAL,
    Column,
    DoesNotReconcile,
    Row,
    Table,
    at,
    frame,
    reconcile,
    records,
    sums_by,
    total,
    total_row,
)

YUAN = "单位：元"
PER_THOUSAND = 1000


def check(doc: RoundSummary) -> None:
    """Raise DoesNotReconcile unless projects, months, communities and votes tell the same sums."""
    data, months = frame(doc.projects, ProjectRow), frame(doc.months, MonthRow)
    for what, project, month in (("拨付", "paid_fen", "paid_fen"), ("支出", "spent_fen", "spent_fen")):
        reconcile(f"{what}总额", {"项目合计": total(data, project), "各月合计": total(months, month)})
    for name, known, used in (
        ("项目类别", doc.categories, set(data["category"])),
        ("社区", tuple(row.name for row in doc.communities), set(data["community"])),
    ):
        if strange := sorted(used - set(known)):
            raise DoesNotReconcile(f"{name}不在名录中：{'、'.join(strange)}")
    votes = {"按社区": doc.voter_count, "按年龄": sum(row.voter_count for row in doc.ages)}
    if len(set(votes.values())) > 1:
        raise DoesNotReconcile(f"参与投票人数不相符：按社区 {votes['按社区']} 人，按年龄 {votes['按年龄']} 人")


def categories(doc: RoundSummary) -> Table:
    """Return planned and agreed money of each category, in the fixed order."""
    data = frame(doc.projects, ProjectRow)
    data["one"] = 1
    sums = sums_by(data, "category", ("one", "fiscal_fen", "social_fen"), doc.categories)
    planned = sums_by(frame(doc.envelopes, EnvelopeRow), "category", ("planned_fen",), doc.categories)
    sums = sums.join(planned)
    all_fiscal = total(sums, "fiscal_fen")
    rows = [
        Row(
            (
                str(line.Index),
                count(line.one),
                yuan(line.planned_fen),
                yuan(line.fiscal_fen),
                yuan(line.social_fen),
                yuan(line.fiscal_fen + line.social_fen),
                percent(line.fiscal_fen, all_fiscal),
            )
        )
        for line in records(sums)
    ]
    fiscal, social = total(sums, "fiscal_fen"), total(sums, "social_fen")
    reconcile("财政资金", {"按类别": fiscal, "项目合计": doc.fiscal_fen})
    last = total_row(
        (
            TOTAL,
            count(total(sums, "one")),
            yuan(total(sums, "planned_fen")),
            yuan(fiscal),
            yuan(social),
            yuan(fiscal + social),
            percent(fiscal, all_fiscal),
        )
    )
    return Table(
        "五大类项目与资金分布",
        (
            Column("项目类别", 17),
            Column("项目数", 9, RIGHT),
            Column("计划额度", 16, RIGHT),
            Column("财政资金", 16, RIGHT),
            Column("社会资金", 14, RIGHT),
            Column("合计", 16, RIGHT),
            Column("财政占比", 12, RIGHT),
        ),
        (*rows, last),
        unit=YUAN,
    )


def months(doc: RoundSummary) -> Table:
    """Return payments and spending month by month, with running sums."""
    data = frame(doc.months, MonthRow).sort_values("month", kind="stable")
    data["paid_so_far"], data["spent_so_far"] = data["paid_fen"].cumsum(), data["spent_fen"].cumsum()
    rows = [
        Row(
            (
                f"{line.month:%Y年}{line.month.month}月",
                yuan(line.paid_fen),
                yuan(line.paid_so_far),
                yuan(line.spent_fen),
                yuan(line.spent_so_far),
            )
        )
        for line in records(data)
    ]
    last = total_row((TOTAL, yuan(doc.paid_fen), "", yuan(doc.spent_fen), ""))
    return Table(
        "各月拨付与支出",
        (
            Column("月份", 20, CENTRE),
            Column("当月拨付", 20, RIGHT),
            Column("累计拨付", 20, RIGHT),
            Column("当月支出", 20, RIGHT),
            Column("累计支出", 20, RIGHT),
        ),
        (*rows, last),
        unit=YUAN,
    )


def fairness(doc: RoundSummary) -> Table:
    """Return what each community got, per thousand residents; a community without a project is marked."""
    data = frame(doc.projects, ProjectRow)
    data["one"] = 1
    data["agreed_fen"] = data["fiscal_fen"] + data["social_fen"]
    order = [row.name for row in doc.communities]
    sums = sums_by(data, "community", ("one", "agreed_fen", "beneficiary_count"), order)
    rows = []
    for place in doc.communities:
        projects, agreed, people = (at(sums, place.name, name) for name in ("one", "agreed_fen", "beneficiary_count"))
        rows.append(
            Row(
                (
                    place.name,
                    count(place.resident_count),
                    count(projects),
                    yuan(agreed),
                    _per_thousand(agreed, place.resident_count),
                    count(people),
                    "" if projects else "未覆盖",
                )
            )
        )
    agreed = total(sums, "agreed_fen")
    reconcile("项目资金", {"按社区": agreed, "项目合计": doc.fiscal_fen + doc.social_fen})
    last = total_row(
        (
            TOTAL,
            count(doc.resident_count),
            count(total(sums, "one")),
            yuan(agreed),
            _per_thousand(agreed, doc.resident_count),
            count(total(sums, "beneficiary_count")),
            f"{len(doc.uncovered)}个未覆盖",
        )
    )
    return Table(
        "各社区受益情况",
        (
            Column("社区", 16),
            Column("常住人口", 12, RIGHT),
            Column("项目数", 10, RIGHT),
            Column("项目资金", 16, RIGHT),
            Column("每千人资金", 14, RIGHT),
            Column("直接受益人数", 18, RIGHT),
            Column("提示", 14, CENTRE),
        ),
        (*rows, last),
        unit=f"{YUAN}、人",
    )


def _per_thousand(fen: int, residents: int) -> str:
    """Return money per thousand residents, rounded to the 分."""
    return yuan(round(fen * PER_THOUSAND / residents)) if residents else UNKNOWN
