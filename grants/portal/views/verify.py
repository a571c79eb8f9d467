"""Is this PDF ours? Anybody may ask with the code that is printed on it."""

import hashlib

from flask import redirect, request, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response as BaseResponse

from grants.foundation.i18n import _l
from grants.foundation.identifiers import BadCode, normalise_code
from grants.foundation.web.forms import Form, page
from grants.portal.queries.documents import find_document
from grants.portal.views.blueprint import blueprint


class CompareForm(Form):
    """A PDF to be compared with the one issued; it is hashed and not kept."""

    file = FileField(_l("您手里的 PDF 文件"))


@blueprint.get("/verify/")
def verify_form() -> tuple[str, int] | BaseResponse:
    """Ask for the code."""
    typed = request.args.get("code", "").strip()
    if not typed:
        return page("portal/verify.html", code="", document=None, error=None, form=None, is_same=None)
    return redirect(url_for("portal.verify", code=typed))


@blueprint.route("/verify/<code>", methods=["GET", "POST"])
def verify(code: str) -> tuple[str, int]:
    """Say what was issued under a code, and whether a file is exactly that."""
    form, error, document = CompareForm(), None, None
    try:
        document = find_document(normalise_code(code))
    except BadCode as problem:
        error = str(problem)
    is_same = None
    if document is not None and form.validate_on_submit() and form.file.data:
        is_same = hashlib.sha256(form.file.data.read()).hexdigest() == document.content_hash
    status = 200 if document is not None else 404
    shown = page("portal/verify.html", code=code, document=document, error=error, form=form, is_same=is_same)
    return shown[0], status
