"""What every chapter of the story holds in its hands: the ground, the dice, the clock, who does what."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from grants.demo.scales import Scale
from grants.demo.street import Ground
from grants.foundation import clock
from grants.people.models import Organisation, Place, Resident, User


@dataclass
class Teller:
    """The storyteller."""

    ground: Ground
    scale: Scale
    dice: random.Random
    neighbours: dict[str, list[User]] = field(default_factory=dict)
    members: dict[str, User] = field(default_factory=dict)

    @contextmanager
    def on(self, day: date, hour: int = 10, minute: int = 0) -> Iterator[None]:
        """Let everything inside happen on a day of the story."""
        with clock.set_to(datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.SHANGHAI)):
            yield

    def user(self, login: str) -> User:
        """Return somebody of the cast."""
        return self.ground.users[login]

    def officer_of(self, community: Place) -> User:
        """Return the community officer of a community."""
        number = self.ground.communities.index(community) + 1
        return self.user(f"community-{number}" if number <= 3 else f"juwei{number:02d}")

    def residents_of(self, community: Place) -> list[User]:
        """Return the residents of a community who have an account, the cast first."""
        if community.code not in self.neighbours:
            users = [
                user
                for user in self.ground.users.values()
                if user.resident is not None and user.resident.community_id == community.id
            ]
            self.neighbours[community.code] = sorted(users, key=lambda user: (user.login[0] != "r", user.login))
        return self.neighbours[community.code]

    def resident(self, user: User) -> Resident:
        """Return the roll entry of an account that has one."""
        if user.resident is None:
            raise LookupError(f"{user.login} is no resident")
        return user.resident

    def member_of(self, organisation: Organisation) -> User:
        """Return the account that acts for an organisation."""
        if organisation.ref not in self.members:
            self.members[organisation.ref] = next(
                user for user in self.ground.users.values() if organisation.id in user.organisation_ids
            )
        return self.members[organisation.ref]
