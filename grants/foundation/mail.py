"""Letters by e-mail, sent by the worker so that nobody waits for a mail server.

An installation without SMTP_URL sends none: `is_set_up` says so, and pages then show what would have been sent.
"""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app, render_template

from grants.foundation import audit
from grants.foundation.i18n import _
from grants.foundation.jobs import Progress, enqueue, job
from grants.foundation.sealing import vault

if TYPE_CHECKING:
    from smtplib import SMTP

CONTEXT = "mail"
PATIENCE_S = 20


def is_set_up() -> bool:
    """Tell whether letters leave this installation."""
    return bool(current_app.config["SETTINGS"].smtp_url)


def send_later(*, to: str, subject: str, template: str, actor: audit.Actor | None, **values: Any) -> None:
    """Write a letter from `email/TEMPLATE.txt` and `.html`; it leaves when the caller's transaction commits.

    The letter waits sealed, for it may carry a link that opens a door. Raises ValueError for an address that is none.
    """
    letter = EmailMessage()
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = subject
    letter.set_content(render_template(f"email/{template}.txt", **values))
    letter.add_alternative(render_template(f"email/{template}.html", **values), subtype="html")
    sealed = vault().encrypt(letter.as_string(), CONTEXT)
    enqueue(
        "mail.send",
        title=_("发送邮件：%(subject)s", subject=subject),
        payload={"sealed": sealed},
        actor=actor,
        record=False,
    )


@job("mail.send")
def send(progress: Progress, *, sealed: str) -> None:
    """Hand a letter to the mail server; a server that refuses leaves the job failed, to be tried again."""
    from email import message_from_string, policy

    address = urlsplit(current_app.config["SETTINGS"].smtp_url)
    letter = message_from_string(vault().decrypt(sealed, CONTEXT), policy=policy.default)
    sender = parse_qs(address.query).get("from", [f"no-reply@{address.hostname}"])[0]
    letter["From"], letter["Date"], letter["Message-ID"] = (
        sender,
        formatdate(),
        make_msgid(domain=sender.split("@")[-1]),
    )
    with _connected(address.scheme, address.hostname or "", address.port) as server:
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(letter)


def _connected(scheme: str, host: str, port: int | None) -> "SMTP":
    """Connect with TLS wherever the server can: `smtps` from the start, `smtp` as soon as it offers it."""
    import smtplib
    import ssl

    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=PATIENCE_S, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port or 587, timeout=PATIENCE_S)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
    return server
