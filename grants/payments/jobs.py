"""Work of payments that runs by itself."""

from datetime import time

from grants.foundation.i18n import _l
from grants.foundation.jobs import Progress, job
from grants.payments.service.alerts import warn_deadlines


@job("payments.warn_deadlines", writes=True, daily_at=time(8, 30), title=_l("提醒临近和超过时限的拨付环节"))
def remind(progress: Progress) -> None:
    """Warn whoever has a step that uses up its working days."""
    warn_deadlines()
