"""What came out of a poll, in words, tables and files; and the two acts that lead there: the lot and the count."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as Answer

from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.people import current
from grants.people.rules import AgeBand
from grants.rounds.rules import CATEGORY_LABELS, Category
from grants.voting import queries, service
from grants.voting.models import Poll
from grants.voting.rules import CHANNEL_LABELS, POLL_KIND_LABELS, Channel
from grants.voting.rules.stories import AGE_BAND_LABELS, WHY_LABELS, Story, percent_of
from grants.voting.views import blueprint

Rows = list[list[Any]]
MOST_BARS = 30


def _counted(ref: str) -> tuple[Poll, Story]:
    poll = queries.get_poll(ref)
    queries.require_visible(poll, current.actor_or_none())
    if poll.result is None:
        raise NotFound(_("还没有计票结果。计票完成前，任何人都看不到得票情况。"))
    return poll, queries.story_of(poll)


@blueprint.post("/<ref>/draw")
def draw(ref: str) -> Answer:
    """Draw the lot for ties in public: the first step of counting."""
    service.draw_lot(officer=current.actor(), poll=queries.get_poll(ref))
    flash(_("签号已抽出并公布，可以计票。"), "success")
    return redirect(url_for("voting.show", ref=ref))


@blueprint.post("/<ref>/count")
def count(ref: str) -> Answer:
    """Count and publish: at once, or in the background when the box is big."""
    job = service.ask_count(officer=current.actor(), poll=queries.get_poll(ref))
    if job is not None:
        return redirect(url_for("jobs.show", job_id=job.id))
    flash(_("计票完成，结果已公布。"), "success")
    return redirect(url_for("voting.result", ref=ref))


@blueprint.get("/<ref>/result")
def result(ref: str) -> tuple[str, int]:
    """Show what came out, in which order, and why for every option."""
    poll, story = _counted(ref)
    options = {option.code: option for option in poll.options}
    ranked = sorted(story.result["options"], key=_order)
    return page(
        "voting/result.html",
        poll=poll,
        story=story,
        result=story.result,
        options=options,
        ranked=ranked,
        bars=ranked[:MOST_BARS],
        bar_labels=[story.titles[line["code"]] for line in ranked[:MOST_BARS]],
        funded=story.result["rounds"],
        missed=[line for line in ranked if not line["is_funded"]],
        shares=_shares(story),
        turnout=_turnout(story),
        channels=[[CHANNEL_LABELS[Channel(name)], number] for name, number in story.result["channels"].items()],
        kind=POLL_KIND_LABELS[poll.kind],
        category_labels=CATEGORY_LABELS,
        why_labels=WHY_LABELS,
        percent_of=percent_of,
    )


def _order(line: dict[str, Any]) -> tuple[int, int, str]:
    return line.get("rank", 0), -line["score"], line["code"]


def _shares(story: Story) -> list[tuple[str, Rows]]:
    """Return votes against money by category and, where there are several, by community: names, counts, percentages."""
    panel, names = story.result["fairness"], story.result["communities"]
    tables = [(_("类别"), [(str(CATEGORY_LABELS[Category(one["name"])]), one) for one in panel["categories"]])]
    if len(panel["communities"]) > 1:
        tables.append((_("社区"), [(names[one["name"]], one) for one in panel["communities"]]))
    return [(title, _share_rows(rows)) for title, rows in tables]


def _share_rows(named: Sequence[tuple[str, dict[str, Any]]]) -> Rows:
    votes, money = (sum(one[key] for _name, one in named) for key in ("votes", "money"))
    return [
        [
            name,
            f"{one['funded_count']}/{one['option_count']}",
            one["votes"],
            _percent(one["votes"], votes),
            yuan(one["money"]),
            _percent(one["money"], money),
        ]
        for name, one in named
    ]


def _turnout(story: Story) -> list[tuple[str, Rows]]:
    """Return entitled, voted and rate by community and by age band; hidden cells are None."""
    ages = [{**row, "name": str(AGE_BAND_LABELS[AgeBand(row["name"])])} for row in story.result["by_age"]]
    parts = [(_("社区"), story.result["by_community"]), (_("年龄段"), ages)]
    return [
        (title, [[row["name"], row["entitled"], row["voted"], _rate(row["voted"], row["entitled"])] for row in rows])
        for title, rows in parts
    ]


def _rate(part: int | None, whole: int | None) -> str | None:
    return None if part is None or not whole else f"{part * 100 / whole:.1f}"


def _percent(part: int, whole: int) -> float:
    return round(part * 100 / whole, 1) if whole else 0.0


@blueprint.get("/<ref>/result/<any(options, rounds, shares, turnout):table>.<any(csv, xlsx):form>")
def result_table(ref: str, table: str, form: str) -> Response:
    """Return one table of the result as a file."""
    poll, story = _counted(ref)
    header, rows = _TABLES[table](poll, story)
    return table_response(form, f"{poll.ref}-{table}", header, rows)


def _options_table(poll: Poll, story: Story) -> tuple[Sequence[Any], Rows]:
    header = (
        _("编号"),
        _("选项"),
        _("类别"),
        _("社区"),
        _("预计费用（元）"),
        _("得票"),
        _("得分"),
        _("有效支持度（%）"),
        _("结论"),
        _("说明"),
    )
    lines = {line["code"]: line for line in story.result["options"]}
    names, places = story.result["communities"], queries.community_codes(poll)
    rows = []
    for option in poll.options:
        line = lines[option.code]
        support = line.get("support")
        rows.append(
            [
                option.code,
                option.title,
                str(CATEGORY_LABELS[option.category]),
                names[places[option.community_id or poll.community_id][0]],
                option.cost_fen / 100,
                line["votes"],
                line["score"],
                None if support is None else percent_of(support),
                str(WHY_LABELS[line["why"]]),
                "" if line["is_funded"] else story.why(line),
            ]
        )
    return header, rows


def _rounds_table(_poll: Poll, story: Story) -> tuple[Sequence[Any], Rows]:
    header = (
        _("轮次"),
        _("编号"),
        _("选项"),
        _("得票"),
        _("有效票"),
        _("每人最多付（元）"),
        _("费用（元）"),
        _("累计（元）"),
        _("由谁付"),
    )
    rows = [
        [
            number,
            row["code"],
            story.titles[row["code"]],
            row["votes"],
            round(row["effective_votes"], 2),
            round(row["payment_fen"] / 100, 2),
            row["cost_fen"] / 100,
            row["running_total_fen"] / 100,
            story.paid(row),
        ]
        for number, row in enumerate(story.result["rounds"], start=1)
    ]
    return header, rows


def _shares_table(_poll: Poll, story: Story) -> tuple[Sequence[Any], Rows]:
    header = (_("分组"), _("名称"), _("入选/选项"), _("得票"), _("占得票（%）"), _("金额（元）"), _("占金额（%）"))
    return header, [[title, *row] for title, rows in _shares(story) for row in rows]


def _turnout_table(_poll: Poll, story: Story) -> tuple[Sequence[Any], Rows]:
    header = (_("分组"), _("名称"), _("有权投票（人）"), _("投票（人）"), _("投票率（%）"))
    hidden = _("不足 10 人，不公布")
    return header, [
        [title, *(hidden if cell is None else cell for cell in row)] for title, rows in _turnout(story) for row in rows
    ]


_TABLES: dict[str, Callable[[Poll, Story], tuple[Sequence[Any], Rows]]] = {
    "options": _options_table,
    "rounds": _rounds_table,
    "shares": _shares_table,
    "turnout": _turnout_table,
}
