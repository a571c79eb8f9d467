"""Papers signed with a certificate made for the test, where the optional library is installed."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from config import Settings
from reports.signing import FIELD, SigningFailed, sign

PASSWORD = "of the test"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate that signs itself, as a PKCS#12 file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "梧桐街道办事处")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "street.p12"
    sealed = BestAvailableEncryption(PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"street", key, made, None, sealed))
    return path


def test_a_signed_paper_is_intact_and_one_that_was_altered_is_not(official_pdf: bytes, certificate: Path) -> None:
    pytest.importorskip("pyhanko", reason="the extra [signing] is not installed")
    from pyhanko.pdf_utils.reader import PdfFileReader  # type: ignore[import-not-found, unused-ignore]
    from pyhanko.sign.validation import validate_pdf_signature  # type: ignore[import-not-found, unused-ignore]
    from pyhanko_certvalidator import ValidationContext  # type: ignore[import-not-found, unused-ignore]

    made = sign(official_pdf, certificate, PASSWORD, reason="拨付通知书 WH-2026-0001")
    assert made.startswith(official_pdf)
    with pikepdf.open(BytesIO(made)) as pdf, pdf.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfuaid:part"]) == ("3", "1")
    (signature,) = PdfFileReader(BytesIO(made)).embedded_signatures
    assert signature.field_name == FIELD
    trusted = ValidationContext(trust_roots=[signature.signer_cert])
    status = validate_pdf_signature(signature, trusted)
    assert (status.intact, status.valid) == (True, True)
    place = made.index(b"stream")
    altered = made[: place + 20] + bytes([made[place + 20] ^ 1]) + made[place + 21 :]
    (signature,) = PdfFileReader(BytesIO(altered), strict=False).embedded_signatures
    assert not validate_pdf_signature(signature, trusted).intact


def test_a_certificate_that_does_not_open_stops_the_paper(official_pdf: bytes, certificate: Path) -> None:
    with pytest.raises(SigningFailed):
        sign(official_pdf, certificate, "another", reason="x")
    with pytest.raises(SigningFailed):
        sign(official_pdf, certificate.with_name("none.p12"), PASSWORD, reason="x")


def test_the_site_does_not_start_with_a_certificate_it_cannot_use(tmp_path: Path) -> None:
    faults = Settings.from_env({"SIGNING_FILE": str(tmp_path / "none.p12")}).faults()
    assert any("SIGNING_FILE names no file" in fault for fault in faults)
    assert not any("SIGNING" in fault for fault in Settings.from_env({}).faults())
