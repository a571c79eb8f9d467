"""The sheet of an exemplary case: a form with at most two pictures."""

from dataclasses import dataclass

from reports.data.sheet import Sheet


@dataclass(frozen=True)
class Picture:
    """A photo as the paper carries it (a data: address) with the words under it."""

    source: str
    caption: str


@dataclass(frozen=True)
class CaseSheet(Sheet):
    """The sheet, and the pictures that stand after its first part."""

    pictures: tuple[Picture, ...] = ()
