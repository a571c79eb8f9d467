"""Chinese source texts and their translation, usable with and without a running application."""

from typing import Any

from flask import has_app_context
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

Text = str | LazyString


def _(text: str, **values: Any) -> str:
    """Return the text in the reader's language, with %(name)s filled in."""
    if has_app_context():
        return str(gettext(text, **values))
    return text % values if values else text


def _l(text: str, **values: Any) -> LazyString:
    """Return a text that is translated when it is shown (for module-level labels)."""
    return lazy_gettext(text, **values)
