"""Papers signed with the street's certificate (PAdES): an optional extra, off unless a certificate is named.

Only finals are signed, after they were printed and before they are kept, so the hash that `/verify` confirms is that of
the signed file. The signature is added to the file's end, and what the engine wrote stays byte for byte.
"""

import io
from pathlib import Path
from typing import Any

from flask import current_app

from grants.foundation.errors import DomainError
from grants.foundation.i18n import _

FIELD = "Street"


class SigningFailed(DomainError):
    """The certificate cannot be read or used; the paper is not issued without the signature that was asked for."""


def signed(content: bytes, *, is_draft: bool, reason: str) -> bytes:
    """Return a paper with the street's signature; drafts, and everything where no certificate is named, unchanged."""
    settings = current_app.config["SETTINGS"]
    if is_draft or not settings.signing_file:
        return content
    return sign(content, Path(settings.signing_file), settings.signing_password, reason=reason)


def sign(content: bytes, certificate: Path, password: str, *, reason: str) -> bytes:
    """Return a PDF with a signature made with a PKCS#12 file. Raises SigningFailed."""
    try:
        return _added(content, certificate, password, reason)
    except (ImportError, OSError, ValueError) as error:
        raise SigningFailed(_("报告没有签名，因此没有出具。请管理员检查签名证书的设置。")) from error


def _added(content: bytes, certificate: Path, password: str, reason: str) -> bytes:
    # An extra that most installations do not have
    from pyhanko.pdf_utils.incremental_writer import (  # type: ignore[import-not-found, unused-ignore]
        IncrementalPdfFileWriter,
    )
    from pyhanko.sign import signers  # type: ignore[import-not-found, unused-ignore]
    from pyhanko.sign.fields import SigSeedSubFilter  # type: ignore[import-not-found, unused-ignore]

    signer: Any = signers.SimpleSigner.load_pkcs12(str(certificate), passphrase=password.encode() or None)
    if signer is None:
        raise ValueError(f"{certificate} holds no key that this password opens")
    facts = signers.PdfSignatureMetadata(field_name=FIELD, reason=reason, subfilter=SigSeedSubFilter.PADES)
    made: io.BytesIO = signers.PdfSigner(facts, signer=signer).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)), output=io.BytesIO()
    )
    return made.getvalue()
