"""Chinese source texts and their translation, usable with and without a running application.

A page holds hundreds of texts, so the reader's catalogue is looked up once a request; in Chinese there is none to ask.
"""

from typing import Any

from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import get_locale, get_translations
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

SOURCE = "zh"


class LazyText(LazyString):  # type: ignore[misc]
    """A text that is translated when it is shown."""

    def __html__(self) -> Markup:
        """Return the text escaped for a page."""
        return escape(str(self))


Text = str | LazyText


def _(text: str, /, **values: Any) -> str:
    """Return the text in the reader's language, with %(name)s filled in."""
    translated = _translated(text)
    return translated % values if values else translated


def _l(text: str, /, **values: Any) -> LazyText:
    """Return a text that is translated when it is shown (for module-level labels)."""
    return LazyText(_, text, **values)


def attach(app: Flask) -> None:
    """Let templates translate as everything else does."""
    app.jinja_env.install_gettext_callables(_translated, _one_or_many, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = _on_page


def _on_page(text: str, /, **values: Any) -> Markup:
    """Return a text for a page, values escaped; unlike Jinja's own it formats only where there is something to fill."""
    translated = _translated(text)
    if values:
        return Markup(translated) % values  # noqa: S704 - source texts and their translation are ours
    return Markup(translated.replace("%%", "%") if "%" in translated else translated)  # noqa: S704


def _translated(text: str) -> str:
    catalogue = _catalogue()
    return text if catalogue is None else str(catalogue.ugettext(text))


def _one_or_many(one: str, many: str, count: int) -> str:
    catalogue = _catalogue()
    return one if catalogue is None else str(catalogue.ungettext(one, many, count))


def _catalogue() -> Any:
    """Return the catalogue of the reader's language, None for the language in which the texts are written."""
    if has_request_context():
        holder: Any = request
    elif has_app_context():
        holder = g
    else:
        return None
    try:
        return holder.reader_catalogue
    except AttributeError:
        found = None if str(get_locale()) == SOURCE else get_translations()
        holder.reader_catalogue = found
        return found
