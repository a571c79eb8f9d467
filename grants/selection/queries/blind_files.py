"""Attachments as a blind reader may have them: the same content without the data that says who made the file.

Uploads are cleaned when they come in; what passes then (a signed PDF, titles and comments of an office document)
is taken out of the copy that is handed to an expert. The stored file stays as it is.
"""

import io
import re
import zipfile

from grants.foundation.files.kinds import TRAITS, Kind

_EMPTY_PROPERTIES = {
    "docProps/core.xml": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    b'core-properties"/>',
    "docProps/app.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"/>',
    "docProps/custom.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'custom-properties"/>',
}
_AUTHOR_ATTRIBUTE = re.compile(
    rb"""((?:\w+:)?(?:author|initials|displayName|userId|providerId|lastEdited|userName)\s*=\s*)("[^"]*"|'[^']*')"""
)
_AUTHOR_ELEMENT = re.compile(rb"(<author>)[^<]*(</author>)")


def neutral(data: bytes, media_type: str) -> bytes:
    """Return the content without author data; kinds that carry none come back as they are."""
    if media_type == TRAITS[Kind.PDF].media_type:
        return _neutral_pdf(data)
    if media_type in {TRAITS[Kind.DOCX].media_type, TRAITS[Kind.XLSX].media_type}:
        return _neutral_office(data)
    return data


def _neutral_pdf(data: bytes) -> bytes:
    import pikepdf  # loaded with the first attachment, not with every worker

    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream) and "/Metadata" in thing:
                del thing["/Metadata"]
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _neutral_office(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = _EMPTY_PROPERTIES.get(entry.filename) or source.read(entry)
            if entry.filename.endswith(".xml"):
                content = _AUTHOR_ELEMENT.sub(rb"\1\2", _AUTHOR_ATTRIBUTE.sub(rb'\1""', content))
            target.writestr(zipfile.ZipInfo(entry.filename), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
