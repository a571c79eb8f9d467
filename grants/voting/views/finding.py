"""Finding one person of a poll's roll at a counter, by name, identity number or phone."""

from dataclasses import dataclass

from grants.people.models import Resident, User
from grants.people.service import residents
from grants.voting import queries
from grants.voting.forms import FindForm
from grants.voting.models import Poll, RollEntry


@dataclass(frozen=True)
class Found:
    """A resident as the counter sees one: masked, with the right to vote beside."""

    resident: Resident
    entry: RollEntry | None


def find_on_roll(officer: User, poll: Poll, form: FindForm) -> list[Found]:
    """Return who of the officer's part of the roll is meant by what was typed; that one searched is on record."""
    key = residents.search_key(officer=officer, words=form.words.data or "")
    return [
        Found(one, queries.find_roll_entry(poll, one.person_key)) for one in residents.search(officer=officer, key=key)
    ]
