"""Status tables: which action leads from which status to which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from grants.foundation.errors import TransitionRefused
from grants.foundation.i18n import _

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class Workflow(Generic[S, A]):
    """The one answer to "what may happen next"; every pair that is not in the table is refused."""

    def __init__(self, table: Mapping[tuple[S, A], S]) -> None:
        self.table = dict(table)

    def allows(self, status: S, action: A) -> bool:
        """Tell whether `action` is possible in `status`."""
        return (status, action) in self.table

    def actions(self, status: S) -> list[A]:
        """List the actions possible in `status`, in the order of the table."""
        return [action for (origin, action) in self.table if origin == status]

    def next(self, status: S, action: A) -> S:
        """Return the status that follows, or raise TransitionRefused."""
        try:
            return self.table[status, action]
        except KeyError:
            raise TransitionRefused(self.refusal()) from None

    @staticmethod
    def refusal() -> str:
        """Say in plain words that the thing has moved on; the page shows its current state."""
        return _("当前状态下不能进行这项操作，可能已有人先行办理，请刷新页面查看最新状态。")
