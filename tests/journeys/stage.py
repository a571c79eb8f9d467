"""The stage of the story: who plays, and what one act leaves for the next."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from PIL import Image

from grants.foundation import audit
from grants.funds.queries import check_ledger
from tests.journeys.person import Person


@dataclass
class Stage:
    """What has come about so far: references only, as they stand in the addresses of the pages."""

    app: Flask
    enter: Callable[[str | None], Person]
    people: dict[str | None, Person] = field(default_factory=dict)
    round: str = ""
    needs: list[str] = field(default_factory=list)
    poll: str = ""
    project: str = ""
    call: str = ""
    applications: list[str] = field(default_factory=list)
    winner: str = ""
    member: str = ""
    """Login of the person of the winning organisation who works on the project."""
    agreement: str = ""
    evaluation: str = ""

    def __call__(self, login: str | None) -> Person:
        """Return a person (None: a visitor who does not sign in); each keeps one browser for the whole story."""
        if login not in self.people:
            self.people[login] = self.enter(login)
        return self.people[login]

    def books_hold(self) -> None:
        """At every moment: the audit chain holds and the ledger's balances equal its entries."""
        with self.app.app_context():
            assert audit.verify().holds
            assert check_ledger() == []


class Picture(tuple[io.BytesIO, str]):
    """A photograph to upload, in the form the test client takes; `bytes` and `name` for a browser."""

    def __new__(cls, colour: str) -> "Picture":
        """Paint one, different for every colour."""
        data = io.BytesIO()
        Image.new("RGB", (320, 240), colour).save(data, "JPEG")
        data.seek(0)
        return super().__new__(cls, (data, f"{colour}.jpg"))

    @property
    def name(self) -> str:
        """The file name."""
        return self[1]

    @property
    def content(self) -> bytes:
        """The file."""
        return self[0].getvalue()


DRAW = {"seed": "20261124-088", "witness": "罗正清"}
"""Every draw is made in public with a seed from outside and a witness."""
