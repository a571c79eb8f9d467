"""Numbers of headings, tables and figures as English papers write them."""

from markupsafe import Markup

from reports.outline import Outline


class EnglishOutline(Outline):
    """1., 1.1, Annex 1, Table 1, Figure 1."""

    note_mark = "Note: "

    def section(self, title: str) -> Markup:
        """Return the heading of the next section: 1. …"""
        self._sections += 1
        self._subsections = 0
        return self._heading(1, f"{self._sections}. ", title, f"s{self._sections}")

    def subsection(self, title: str) -> Markup:
        """Return the heading of the next part of the section: 1.1 …"""
        self._subsections += 1
        anchor = f"s{self._sections}-{self._subsections}"
        return self._heading(2, f"{self._sections}.{self._subsections} ", title, anchor)

    def annex(self, title: str) -> Markup:
        """Return the heading of the next annex: Annex 1: …"""
        self._annexes += 1
        return self._heading(1, f"Annex {self._annexes}: ", title, f"a{self._annexes}", "annex")

    def table_number(self) -> str:
        """Return the number of the next table: Table 1."""
        self._tables += 1
        return f"Table {self._tables}"

    def figure_number(self) -> str:
        """Return the number of the next figure: Figure 1."""
        self._figures += 1
        return f"Figure {self._figures}"
