"""Human references without gaps or twins: XQ-… for needs, GYCT-… for projects, and so on."""

from sqlalchemy import update

from grants.foundation.database import db
from grants.foundation.models import Counter


def next_number(name: str) -> int:
    """Return the next number under `name`, starting at 1; concurrent callers wait for each other."""
    statement = update(Counter).where(Counter.name == name).values(value=Counter.value + 1).returning(Counter.value)
    value = db.session.execute(statement).scalar_one_or_none()
    if value is None:
        db.session.add(Counter(name=name, value=1))
        db.session.flush()
        return 1
    return int(value)


def next_reference(prefix: str, width: int = 4) -> str:
    """Return the next reference under a prefix, for example GYCT-2026-01-0007."""
    return f"{prefix}-{next_number(prefix):0{width}d}"
