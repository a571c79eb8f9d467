"""Read and write Pabulib files (.pb), losing nothing: what is read and written again is the same text.

A file has three sections (META, PROJECTS, VOTES), each a title line, a header line and rows; `;` separates cells, with
the quoting of CSV. Costs may have decimals; they become whole minor units here.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from grants.voting.counting.election import Ballot, BallotKind, Election, Mark, Option, all_ones, grouped, mark_of

WITHDRAWN_COST = 999_999_999
"""The format's mark for an option that was taken back before the vote."""

REQUIRED_META = (
    "description",
    "country",
    "unit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
)
_META_ORDER = (
    *("description", "country", "unit", "district", "subunit", "instance", "num_projects", "num_votes", "budget"),
    *("vote_type", "rule", "date_begin", "date_end", "min_length", "max_length", "min_sum_cost", "max_sum_cost"),
    *("min_points", "max_points", "min_sum_points", "max_sum_points", "default_score", "min_project_cost"),
    *("max_project_cost", "min_project_score_threshold", "neighborhoods", "subdistricts", "categories", "edition"),
    *("language", "currency", "fully_funded", "experimental", "comment", "acknowledgments"),
)
"""The order in which the format's own checker wants the fields; any other comes after them."""
_SECTIONS = ("META", "PROJECTS", "VOTES")
_BOM = "\ufeff"


class BadPabulib(ValueError):
    """A file is not in the Pabulib format; the message names the line where it can."""


@dataclass(frozen=True)
class Table:
    """One section below its title: the header and its rows, cells as they are written."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> list[str] | None:
        """Return the cells of a column, empty where a row is too short, or None when there is no such column."""
        if name not in self.header:
            return None
        place = self.header.index(name)
        return [row[place] if place < len(row) else "" for row in self.rows]

    def need(self, name: str) -> list[str]:
        """Return the cells of a column that must be there."""
        cells = self.column(name)
        if cells is None:
            raise BadPabulib(f"there is no column {name}")
        return cells


@dataclass(frozen=True)
class PabulibFile:
    """A whole file.

    `newline`, `has_bom` and `as_written` are kept so that writing gives back the text that was read: the latter holds
    the lines that we would write otherwise, by section and row (-1 for the title, 0 for the header).
    """

    meta: Table
    projects: Table
    votes: Table
    newline: str = "\n"
    has_bom: bool = False
    as_written: Mapping[tuple[str, int], str] = field(default_factory=dict, repr=False)
    tail: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """Return the META section as a dictionary."""
        return {row[0]: row[1] if len(row) > 1 else "" for row in self.meta.rows}

    @property
    def scale(self) -> int:
        """Return how many minor units make one currency unit of the file: 1, 10, 100 …"""
        amounts = [_amount(self.facts.get("budget", "")), *map(_amount, self.projects.need("cost"))]
        places = max(-min(0, int(amount.normalize().as_tuple().exponent)) for amount in amounts)
        return int(10**places)

    def election(self) -> Election:
        """Return what is to be counted; withdrawn options keep their place but nobody can afford them."""
        scale = self.scale
        facts = self.facts
        try:
            kind = BallotKind(facts.get("vote_type", ""))
        except ValueError as error:
            raise BadPabulib(f"unknown vote_type {facts.get('vote_type')!r}") from error
        options = self._options(scale)
        ballots = grouped(self._marks(kind, {option.id: place for place, option in enumerate(options)}))
        return Election(tuple(options), _minor(facts.get("budget", ""), scale), ballots, kind)

    def recorded_winners(self) -> list[str] | None:
        """Return the ids that the file itself marks as selected (1), or None when it does not say."""
        selected = self.projects.column("selected")
        if selected is None:
            return None
        ids = self.projects.need("project_id")
        return [option_id for option_id, mark in zip(ids, selected, strict=True) if mark.strip() == "1"]

    def _options(self, scale: int) -> list[Option]:
        ids, costs = self.projects.need("project_id"), self.projects.need("cost")
        blank = [""] * len(ids)
        names, categories = self.projects.column("name") or blank, self.projects.column("category") or blank
        return [
            Option(option_id, _minor(cost, scale), category, name)
            for option_id, cost, category, name in zip(ids, costs, categories, names, strict=True)
        ]

    def _marks(self, kind: BallotKind, places: Mapping[str, int]) -> Counter[Mark]:
        chosen = self.votes.need("vote")
        points = self.votes.column("points") if kind in {BallotKind.CUMULATIVE, BallotKind.SCORING} else None
        marks: Counter[Mark] = Counter()
        # Voters repeat each other, so every distinct vote is read once
        if points is not None:
            for (vote, given), weight in Counter(zip(chosen, points, strict=True)).items():
                marks[_mark(kind, vote, given, places)] += weight
            return marks
        read = _mark if kind is BallotKind.ORDINAL else _plain_mark
        for vote, weight in Counter(chosen).items():
            marks[read(kind, vote, "", places)] += weight
        return marks


def read_pabulib(path: Path) -> PabulibFile:
    """Read a file, UTF-8 with or without BOM; raises BadPabulib when it is not one."""
    try:
        return parse_pabulib(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadPabulib("the file is not UTF-8") from error


def parse_pabulib(text: str) -> PabulibFile:
    """Read the text of a file; raises BadPabulib when it is not one."""
    has_bom = text.startswith(_BOM)
    text = text.removeprefix(_BOM)
    newline = "\r\n" if "\r\n" in text else "\n"
    sections: dict[str, list[tuple[str, ...]]] = {}
    as_written: dict[tuple[str, int], str] = {}
    name = tail = ""
    for cells, raw in _lines(text):
        if not cells:
            tail = raw
            continue
        title = cells[0].strip().upper() if len(cells) == 1 else ""
        is_title = title in _SECTIONS and title not in sections
        name = title if is_title else name
        if not name:
            raise BadPabulib("the file does not begin with META")
        rows = sections.setdefault(name, [])
        if raw != (name if is_title else _line(cells)) + newline:
            as_written[name, -1 if is_title else len(rows)] = raw
        if not is_title:
            rows.append(cells)
    missing = [section for section in _SECTIONS if not sections.get(section)]
    if missing:
        raise BadPabulib(f"the section {missing[0]} is missing or empty")
    meta, projects, votes = (Table(sections[section][0], tuple(sections[section][1:])) for section in _SECTIONS)
    return PabulibFile(meta, projects, votes, newline, has_bom, as_written, tail)


def format_pabulib(file: PabulibFile) -> str:
    """Return the text of a file; one that was read and not changed comes out as it was."""
    lines: list[str] = [_BOM] if file.has_bom else []
    for section, table in zip(_SECTIONS, (file.meta, file.projects, file.votes), strict=True):
        lines.append(file.as_written.get((section, -1), section + file.newline))
        for number, cells in enumerate((table.header, *table.rows)):
            raw = file.as_written.get((section, number))
            # A row that was replaced since is written anew
            lines.append(raw if raw is not None and _cells(raw) == cells else _line(cells) + file.newline)
    return "".join(lines) + file.tail


def write_pabulib(file: PabulibFile, path: Path) -> None:
    """Write a file as UTF-8."""
    path.write_bytes(format_pabulib(file).encode("utf-8"))


def build_pabulib(
    election: Election,
    facts: Mapping[str, str],
    *,
    winners: Iterable[str],
    voter_ids: Iterator[str],
    order: Sequence[int],
    scale: int = 100,
) -> PabulibFile:
    """Return an election as a file to publish: one row a voter, under ids that mean nothing.

    `facts` gives the META fields that are not computed here, `voter_ids` fresh random ids, `order` the shuffled places
    of all voters, `scale` the minor units of one currency unit (100 for 分 and 元). Raises BadPabulib when an
    obligatory META field is missing (for cumulative ballots that is max_sum_points, too).
    """
    computed = {
        "num_projects": str(len(election.options)),
        "num_votes": str(election.voters),
        "budget": _major(election.budget, scale),
        "vote_type": str(election.kind),
    }
    facts = {**facts, **computed}
    required = (*REQUIRED_META, "max_sum_points") if election.kind is BallotKind.CUMULATIVE else REQUIRED_META
    missing = [name for name in required if not facts.get(name)]
    if missing:
        raise BadPabulib(f"META needs {', '.join(missing)}")
    ranks = {name: rank for rank, name in enumerate(_META_ORDER)}
    ordered = sorted(facts.items(), key=lambda fact: ranks.get(fact[0], len(ranks)))
    meta = Table(("key", "value"), tuple(ordered))
    return PabulibFile(meta, _project_table(election, set(winners), scale), _vote_table(election, voter_ids, order))


def with_winners(file: PabulibFile, winners: Iterable[str]) -> PabulibFile:
    """Return the file with its `selected` column set to these winners, added when there was none."""
    chosen = set(winners)
    ids = file.projects.need("project_id")
    header = file.projects.header if "selected" in file.projects.header else (*file.projects.header, "selected")
    place = header.index("selected")
    rows = []
    for option_id, row in zip(ids, file.projects.rows, strict=True):
        cells = list(row) + [""] * (len(header) - len(row))
        cells[place] = "1" if option_id in chosen else "0"
        rows.append(tuple(cells))
    return replace(file, projects=Table(header, tuple(rows)))


def _project_table(election: Election, winners: set[str], scale: int) -> Table:
    """Return the projects; a name is obligatory for the checker, so the id stands in for a missing one."""
    columns = {
        "project_id": [option.id for option in election.options],
        "cost": [_major(option.cost, scale) for option in election.options],
        "votes": [str(votes) for votes in election.votes],
        "score": [str(score) for score in election.scores] if election.kind.has_points else [],
        "name": [option.name or option.id for option in election.options],
        "category": [option.category for option in election.options],
        "selected": ["1" if option.id in winners else "0" for option in election.options],
    }
    used = {name: cells for name, cells in columns.items() if any(cells)}
    return Table(tuple(used), tuple(zip(*used.values(), strict=True)))


def _vote_table(election: Election, voter_ids: Iterator[str], order: Sequence[int]) -> Table:
    with_points = election.kind in {BallotKind.CUMULATIVE, BallotKind.SCORING}
    cells = [
        _vote_cells(election, ballot, with_points) for ballot in election.ballots for _voter in range(ballot.weight)
    ]
    header = ("voter_id", "vote", "points") if with_points else ("voter_id", "vote")
    return Table(header, tuple((next(voter_ids), *cells[place]) for place in order))


def _vote_cells(election: Election, ballot: Ballot, with_points: bool) -> tuple[str, ...]:
    """Return the marks as the format writes them: most points first, which for rankings is the order of preference."""
    marks = sorted(zip(ballot.choices, ballot.points, strict=True), key=lambda mark: -mark[1])
    chosen = ",".join(election.options[place].id for place, _points in marks)
    return (chosen, ",".join(str(points) for _place, points in marks)) if with_points else (chosen,)


def _plain_mark(kind: BallotKind, vote: str, given: str, places: Mapping[str, int]) -> Mark:
    """Return a vote without points; one that is not written plainly is read with more care."""
    try:
        chosen = {places[option_id] for option_id in vote.split(",")}
    except KeyError:
        return _mark(kind, vote, given, places)
    return tuple(sorted(chosen)), all_ones(len(chosen))


def _mark(kind: BallotKind, vote: str, given: str, places: Mapping[str, int]) -> Mark:
    """Return what stands on one voter's ballot."""
    ids = [option_id.strip() for option_id in vote.split(",") if option_id.strip()]
    if kind is BallotKind.ORDINAL:
        points: Iterable[int] = range(len(ids), 0, -1)
    elif given:
        points = [_whole(cell) for cell in given.split(",")]
    else:
        points = [1] * len(ids)
    marks: dict[int, int] = {}
    try:
        for option_id, value in zip(ids, points, strict=True):
            place = places[option_id]
            # Some cities let a voter write one project in several lines: its points add up, an approval stays one
            marks[place] = marks.get(place, 0) + value if kind is BallotKind.CUMULATIVE else value
    except KeyError as error:
        raise BadPabulib(f"a vote names a project that does not exist: {error.args[0]}") from error
    except ValueError as error:
        raise BadPabulib(f"a vote has more or fewer points than projects: {vote}") from error
    return mark_of(marks)


def _whole(cell: str) -> int:
    value = _amount(cell)
    if value != int(value):
        raise BadPabulib(f"points must be whole numbers: {cell}")
    return int(value)


def _amount(cell: str) -> Decimal:
    try:
        value = Decimal(cell.strip().replace(",", "."))
    except InvalidOperation as error:
        raise BadPabulib(f"not an amount: {cell!r}") from error
    if not value.is_finite() or value < 0:
        raise BadPabulib(f"not an amount: {cell!r}")
    return value


def _minor(cell: str, scale: int) -> int:
    return int(_amount(cell) * scale)


def _major(minor: int, scale: int) -> str:
    """Return currency units without needless zeros, as the files write them: 1234.5 but 1200."""
    whole, rest = divmod(minor, scale)
    return f"{whole}.{rest:0{len(str(scale)) - 1}d}".rstrip("0") if rest else str(whole)


def _lines(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the cells of every row and how it was written, its line end and the blank lines before it included.

    Blank lines at the very end come last, without cells.
    """
    raw: list[str] = []
    try:
        for cells in csv.reader(_recorded(io.StringIO(text, newline=""), raw), delimiter=";"):
            if cells:
                yield tuple(cells), "".join(raw)
                raw.clear()
    except csv.Error as error:
        raise BadPabulib(f"a line is not readable: {error}") from error
    if raw:
        yield (), "".join(raw)


def _recorded(source: Iterable[str], raw: list[str]) -> Iterator[str]:
    for line in source:
        raw.append(line)
        yield line


def _cells(raw: str) -> tuple[str, ...]:
    return next((tuple(cells) for cells in csv.reader(io.StringIO(raw, newline=""), delimiter=";") if cells), ())


def _line(cells: Sequence[str]) -> str:
    """Return a line with quotes only where they are needed; a lone empty cell has them, or it would be a blank line."""
    if not any(sign in cell for cell in cells for sign in ';"\n\r'):
        return ";".join(cells) or '""'
    return ";".join(_quoted(cell) for cell in cells)


def _quoted(cell: str) -> str:
    # Python's own writer leaves a line end inside a cell bare unless it is the line end it writes itself
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ';"\n\r') else cell
