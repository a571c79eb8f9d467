"""Refusals that carry their reason to the person and their field to the form."""


class DomainError(Exception):
    """Something a person asked for cannot be done; `message` is shown to them as it is.

    `field` names the form field the message belongs to, when there is one.
    """

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotPermitted(DomainError):
    """The actor may not do this (403)."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or the actor may not know that there is (404)."""

    status = 404


class TransitionRefused(DomainError):
    """The thing is not in a state that allows this action, or another action came first (409)."""

    status = 409


class RuleBroken(DomainError):
    """What was asked for breaks a rule of the round or of the field (422)."""


def require(why_not: str | None, error: type[DomainError] = NotPermitted) -> None:
    """Raise `error` with the reason when a policy gave one."""
    if why_not is not None:
        raise error(why_not)
