"""What the 投票结果报告 says, read from a counted poll."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.people.rules import AgeBand
from grants.rounds.models import Round
from grants.rounds.rules import CATEGORY_LABELS, Category
from grants.voting import queries
from grants.voting.models import Poll
from grants.voting.rules import POLL_KIND_LABELS, PollStatus
from grants.voting.rules.stories import AGE_BAND_LABELS, Story, percent_of
from reports.data.common import Signatory
from reports.data.poll_result import MissedRow, PollResult, RankRow, RoundRow, ShareRow, TurnoutRow
from reports.formatting import moment
from reports.gather.choices import Choice, Viewer
from reports.gather.common import Gathered, unissued_stamp

TITLE = "居民投票结果报告"
MOST_BARS = 30
HASH_PART = 16


def counted_polls(_viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the polls whose result is published."""
    statement = select(Poll.ref, Poll.title).where(Poll.status == PollStatus.COUNTED).order_by(Poll.counted_at.desc())
    if round_ref:
        statement = statement.join(Round, Round.id == Poll.round_id).where(Round.ref == round_ref)
    return [Choice(ref, f"{ref} {title}") for ref, title in db.session.execute(statement)]


def gather(reference: str) -> Gathered:
    """Return the report of a counted poll; that of a rehearsal stays a draft. Raises NotFound and RuleBroken."""
    poll = queries.get_poll(reference)
    if poll.result is None:
        raise RuleBroken(_("还没有计票结果。计票完成前，任何人都看不到得票情况。"))
    found = db.session.execute(
        select(Round).where(Round.id == poll.round_id).options(joinedload(Round.street))
    ).scalar_one()
    is_draft = bool(found.settings.get("is_rehearsal"))
    return Gathered(
        document=_fill(poll, found, queries.story_of(poll), is_draft),
        title=f"{poll.title}{TITLE}",
        series=f"TPJG-{found.year}-{found.number:02d}",
        is_draft=is_draft,
    )


def _fill(poll: Poll, found: Round, story: Story, is_draft: bool) -> PollResult:
    result, panel = story.result, story.result["fairness"]
    ranked = sorted(result["options"], key=lambda line: (line.get("rank", 0), -line["score"], line["code"]))
    is_ranking = result["rule"]["method"] == "support"
    return PollResult(
        stamp=unissued_stamp(is_draft=is_draft, signatories=(Signatory("编制"), Signatory("审核"), Signatory("审批"))),
        street_name=found.street.name,
        round_name=found.name.removeprefix(found.street.name),
        title=poll.title,
        reference=poll.ref,
        place=poll.community.name,
        kind=str(POLL_KIND_LABELS[poll.kind]),
        method=story.method(),
        opened_on=local(poll.opens_at).date(),
        closed_on=local(poll.closes_at).date(),
        counted_at=poll.counted_at,
        is_ranking=is_ranking,
        has_points=story.kind_has_points,
        shares_money=story.shares_money,
        pays_by_points=result["rule"].get("utility") == "points",
        entitled=result["entitled"],
        ballots=result["ballots"],
        option_count=len(ranked),
        budget_fen=poll.budget_fen,
        total_fen=result["total_cost_fen"],
        voters_with_funded=panel["with_funded"],
        voters_with_funded_by_majority=panel["with_funded_by_majority"],
        narrative=tuple(story.narrative()),
        scores=tuple((story.titles[line["code"]], line["score"]) for line in ranked[:MOST_BARS]),
        rounds=tuple(_round(story, row) for row in result["rounds"]),
        missed=() if is_ranking else tuple(_missed(story, line) for line in ranked if not line["is_funded"]),
        ranks=tuple(_rank(poll, line) for line in ranked) if is_ranking else (),
        categories=tuple(_share(str(CATEGORY_LABELS[Category(one["name"])]), one) for one in panel["categories"]),
        communities=tuple(_share(result["communities"][one["name"]], one) for one in panel["communities"]),
        by_community=tuple(_turnout(row["name"], row) for row in result["by_community"]),
        by_age=tuple(_turnout(str(AGE_BAND_LABELS[AgeBand(row["name"])]), row) for row in result["by_age"]),
        checks=_checks(poll, story),
    )


def _round(story: Story, row: Mapping[str, Any]) -> RoundRow:
    has_price = story.shares_money and row["payment_fen"]
    return RoundRow(
        code=row["code"],
        title=story.titles[row["code"]],
        votes=row["votes"],
        score=row["score"],
        effective_votes=row["effective_votes"] if has_price else None,
        payment_fen=round(row["payment_fen"]) if has_price else None,
        cost_fen=row["cost_fen"],
        running_total_fen=row["running_total_fen"],
        paid=story.paid(row),
    )


def _missed(story: Story, line: Mapping[str, Any]) -> MissedRow:
    support = line["support"]
    return MissedRow(
        code=line["code"],
        title=story.titles[line["code"]],
        votes=line["votes"],
        cost_fen=story.costs[line["code"]],
        support=None if support is None else percent_of(support),
        why=story.why(line),
    )


def _rank(poll: Poll, line: Mapping[str, Any]) -> RankRow:
    option = next(option for option in poll.options if option.code == line["code"])
    category = str(CATEGORY_LABELS[option.category])
    return RankRow(line["rank"], option.code, option.title, category, line["votes"], line["score"])


def _share(name: str, one: Mapping[str, Any]) -> ShareRow:
    return ShareRow(name, one["funded_count"], one["option_count"], one["votes"], one["money"])


def _turnout(name: str, row: Mapping[str, Any]) -> TurnoutRow:
    return TurnoutRow(name, row["entitled"], row["voted"])


def _checks(poll: Poll, story: Story) -> tuple[tuple[str, str], ...]:
    return (
        ("计票规则", story.method()),
        ("抽签签号", _in_parts(poll.tie_seed or "")),
        ("计票时间", moment(poll.counted_at)),
        ("并列时的先后", "、".join(story.result["tie_order"])),
        ("计算精度", story.exactness()),
        ("选票总指纹", _in_parts(story.result["root"])),
        ("规则文件指纹", _in_parts(poll.rule_hash or "")),
    )


def _in_parts(text: str) -> str:
    """Return a long hash so that a narrow cell can break it."""
    parts: Sequence[str] = [text[start : start + HASH_PART] for start in range(0, len(text), HASH_PART)]
    return " ".join(parts)
