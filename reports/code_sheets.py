"""Printing activation codes: out of a sealed text that only lives between the page that made them and the printer."""

from urllib.parse import urljoin

from grants.foundation import audit, clock
from grants.foundation.errors import NotPermitted, RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.sealing import SealBroken, TokenExpired, vault
from grants.people.models import User
from grants.voting import policy, queries
from grants.voting.rules.channels import SHEET, CodeLine
from reports.data.code_sheet import CodeSheet


def print_codes(officer: User, token: str, base_url: str) -> bytes:
    """Return the PDF of a sheet for the officer who made it, within half an hour of making it.

    Raises RuleBroken when that time is over, NotPermitted for anybody else.
    """
    # Printing loads the PDF engine, which no web worker should
    from reports.documents.code_sheet import to_pdf
    from reports.render import render_guarded

    try:
        content = vault().open_token(SHEET, token, now=clock.now())
    except (SealBroken, TokenExpired) as error:
        raise RuleBroken(_("编码单已失效，请重新印制。")) from error
    if content["officer"] != str(officer.id):
        raise NotPermitted(_("编码单只能由印制的人下载。"))
    poll = queries.get_poll(content["poll"])
    require(policy.why_not_serve(officer, poll))
    document = CodeSheet(
        sheet=content["sheet"],
        title=content["title"],
        closes_at=poll.closes_at,
        address=urljoin(base_url, f"/polls/{poll.ref}/kiosk"),
        printed_at=clock.now(),
        printed_by=officer.display_name,
        lines=tuple(CodeLine(*line) for line in content["lines"]),
    )
    made: bytes = render_guarded(to_pdf, document)
    audit.record("poll:print_codes", actor=officer, subject=poll, sheet=document.sheet)
    return made
