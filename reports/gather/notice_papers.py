"""Announcements to the public: notices as they were published, and what a round's money went to. No red head."""

from grants.foundation.clock import local, today
from grants.foundation.money import yuan
from grants.funds.rules import mark_of
from grants.rounds import queries as rounds
from grants.rounds.models import Notice
from grants.rounds.rules import NoticeStatus, ObjectionStatus
from reports.data.balance import Balance
from reports.data.official_paper import Block, Level, OfficialPaper
from reports.data.table import RIGHT, Column, Row, Table
from reports.formatting import day
from reports.gather import official
from reports.gather.common import Gathered, issuer
from reports.gather.money_rows import agreed_projects, booked_by_project
from reports.gather.summary_rows import get_round


def notice(reference: str) -> Gathered:
    """Return a public notice as a paper for the notice board; withdrawn ones say so. Raises NotFound.

    Names and contact data of those who objected never appear; only how many objections there were.
    """
    found = rounds.get_notice(reference)
    published = local(found.published_at).date()
    body = [Block(line) for line in found.body.splitlines() if line.strip()]
    body += [
        Block("公示期限和异议办法", Level.FIRST),
        Block(_period(found)),
        *(Block(text) for text in _outcome(found)),
    ]
    mark = mark_of(found.round.fund.source)
    if mark is not None:
        body.append(Block(str(mark)))
    document = official.plain_paper(
        official.title_lines(*_phrases(found.title)), tuple(body), on=published, is_draft=found.round.is_rehearsal
    )
    title = f"{found.title}（{found.ref}）"
    return Gathered(document, title, f"GG-{found.round.year}-{found.round.number:02d}", document.is_draft)


def _phrases(title: str) -> tuple[str, ...]:
    """Return a title in phrases that stay on one line where they can: 关于 / “项目” / 拟立项的公示."""
    head, mark, rest = title.partition("”")
    if not mark or len(title) <= official.LONGEST_LINE:
        return (title,)
    return (head + mark, rest) if rest else (head + mark,)


def _period(found: Notice) -> str:
    days = rounds.notice_days(found)
    return (
        f"公示期自{day(local(found.published_at).date())}至{day(found.ends_on)}，共{days}个工作日。对公示内容有异议的，"
        f"可在公示期内登录公示页面（编号{found.ref}）或到社区居委会、{issuer()}社区建设部实名提出，"
        "说明事实和理由；我们为提出人保密，并在核实后书面答复。"
    )


def _outcome(found: Notice) -> list[str]:
    if found.status is NoticeStatus.WITHDRAWN:
        return [
            f"本公示已于{day(local(found.ended_at).date()) if found.ended_at else ''}撤回：{found.withdrawal_reason}"
        ]
    if found.status is not NoticeStatus.ENDED:
        return []
    if not found.objections:
        return ["公示期满，没有收到异议。"]
    upheld = sum(one.status is ObjectionStatus.UPHELD for one in found.objections)
    return [f"公示期满，收到异议{len(found.objections)}件，经核实成立{upheld}件，均已答复提出人。"]


def fund_notice(reference: str) -> Gathered:
    """Return the announcement of what a round's public money went to, project by project. Raises NotFound."""
    found = get_round(reference)
    rows = agreed_projects(found)
    fiscal, paid = sum(row.fiscal_fen for row in rows), sum(row.paid_fen for row in rows)
    lines = [
        Row((row.title, row.organisation, yuan(row.fiscal_fen), yuan(row.paid_fen), yuan(row.spent_fen)))
        for row in rows
    ]
    whole = Row(("合计", "", yuan(fiscal), yuan(paid), yuan(sum(row.spent_fen for row in rows))), "total")
    table = Table(
        "各项目财政资金使用情况（单位：元）",
        (
            Column("项目", 28),
            Column("承接组织", 24),
            Column("资助金额", 16, RIGHT),
            Column("已拨付", 16, RIGHT),
            Column("已支出", 16, RIGHT),
        ),
        (*lines, whole),
    )
    body = official.headed(
        (
            "",
            (
                f"{found.name}共签约{len(rows)}个项目，安排财政资金{yuan(fiscal)}元，来源为{found.fund.name}，"
                f"已拨付{yuan(paid)}元。现将资金使用情况公开如下，请居民监督。",
                table,
                "已支出为街道财政认可的票据金额。对资金使用有疑问的，可到社区居委会查阅，或登录项目页面提出意见。",
            ),
        )
    )
    document: OfficialPaper = official.plain_paper(
        official.title_lines(f"{found.name}", "资金使用情况公告"),
        body,
        on=today(),
        is_draft=found.is_rehearsal,
        balances=(Balance("已拨付资金", (("各项目合计", paid), ("资金台账", booked_by_project(found)))),),
    )
    return Gathered(
        document, f"{found.name}资金使用情况公告", f"GG-{found.year}-{found.number:02d}", found.is_rehearsal
    )
