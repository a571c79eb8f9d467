"""Forms: the base class, and turning a refused use case into an error at its field."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import render_template
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published stubs
from wtforms.validators import ValidationError

from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotFound, NotPermitted
from grants.foundation.i18n import Text
from grants.foundation.money import BadAmount, parse_yuan, yuan_plain


class Form(FlaskForm):  # type: ignore[misc]
    """Base of all forms: CSRF on, texts stripped."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Strip what people type at both ends; nobody means a leading blank."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound_field.field_class, StringField):
                filters = list(unbound_field.kwargs.get("filters", ()))
                if _strip not in filters:
                    unbound_field.kwargs["filters"] = [*filters, _strip]
            return unbound_field.bind(form=form, **options)


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


class MoneyField(StringField):
    """An amount typed in 元 that becomes whole 分; the typed text survives an error."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return yuan_plain(self.data) if isinstance(self.data, int) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: Any = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = parse_yuan(valuelist[0])
            except BadAmount as error:
                raise ValidationError(str(error)) from error


@contextmanager
def errors_on(form: Any) -> Iterator[None]:
    """Show a refused use case at the field it names (or above the form) and undo its half-done work.

    Leaving the block by an error keeps the form as typed; the view then falls through to `page`.
    """
    try:
        yield
    except (NotPermitted, NotFound):
        raise
    except DomainError as error:
        db.session.rollback()
        field: Field | None = form._fields.get(error.field) if error.field else None
        if field is None:
            form.form_errors = [*form.form_errors, error.message]
        else:
            field.errors = [*field.errors, error.message]


def page(template: str, **context: Any) -> tuple[str, int]:
    """Render a page; 422 when a form on it was refused."""
    forms = [value for value in context.values() if isinstance(value, FlaskForm)]
    refused = any(form.is_submitted() and (form.errors or form.form_errors) for form in forms)
    return render_template(template, **context), 422 if refused else 200


def choices(labels: Mapping[Any, Text], blank: Text | None = None) -> list[Any]:
    """Return the choices of a select field from a label table, with an optional empty first line."""
    head = [SelectChoice("", blank)] if blank is not None else []
    return head + [SelectChoice(str(key), label) for key, label in labels.items()]
