"""Numbers of headings, tables and figures, and the contents they make up.

A paper's body is rendered first and registers its headings here; the contents are written from what was registered, so
the two can never disagree. Page numbers are filled in by the layout engine.
"""

from dataclasses import dataclass

from markupsafe import Markup

from reports.formatting import numeral


@dataclass(frozen=True)
class Entry:
    """One line of the contents: level 1 or 2, the number with its punctuation, the title and where it leads."""

    level: int
    number: str
    title: str
    anchor: str


class Outline:
    """Counts what a paper numbers while it is being written. One for each rendering."""

    note_mark = "注："

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._sections = self._subsections = self._annexes = self._tables = self._figures = 0

    def section(self, title: str) -> Markup:
        """Return the heading of the next section: 一、…"""
        self._sections += 1
        self._subsections = 0
        return self._heading(1, f"{numeral(self._sections)}、", title, f"s{self._sections}")

    def subsection(self, title: str) -> Markup:
        """Return the heading of the next part of the section: （一）…"""
        self._subsections += 1
        number = f"（{numeral(self._subsections)}）"
        return self._heading(2, number, title, f"s{self._sections}-{self._subsections}")

    def annex(self, title: str) -> Markup:
        """Return the heading of the next annex: 附件1　…"""
        self._annexes += 1
        return self._heading(1, f"附件{self._annexes}　", title, f"a{self._annexes}", "annex")

    def unnumbered(self, title: str) -> Markup:
        """Return a heading without number, such as 摘要."""
        return self._heading(1, "", title, f"u{len(self.entries)}", "front")

    def table_number(self) -> str:
        """Return the number of the next table: 表1."""
        self._tables += 1
        return f"表{self._tables}"

    def figure_number(self) -> str:
        """Return the number of the next figure: 图1."""
        self._figures += 1
        return f"图{self._figures}"

    def _heading(self, level: int, number: str, title: str, anchor: str, extra: str = "") -> Markup:
        self.entries.append(Entry(level, number, title, anchor))
        tag = f"h{level + 1}"
        return Markup('<{} id="{}" class="{}">{}{}</{}>').format(tag, anchor, extra or "numbered", number, title, tag)
