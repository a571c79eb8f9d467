"""What a file is by its first bytes, whatever its name says."""

from grants.foundation.errors import RuleBroken
from grants.foundation.files.kinds import TRAITS, Kind
from grants.foundation.i18n import _

_SIGNATURES = {
    Kind.PDF: b"%PDF-",
    Kind.JPEG: b"\xff\xd8\xff",
    Kind.PNG: b"\x89PNG\r\n\x1a\n",
    Kind.WEBP: b"RIFF",
    Kind.DOCX: b"PK\x03\x04",
    Kind.XLSX: b"PK\x03\x04",
}


def check_content(data: bytes, kind: Kind) -> None:
    """Raise RuleBroken unless the bytes begin as the named kind does, at offset 0: no polyglots.

    A table in text has no signature; it is read as text or refused.
    """
    if kind is Kind.CSV:
        return
    if not data.startswith(_SIGNATURES[kind]) or _guesses(data).isdisjoint(TRAITS[kind].extensions):
        raise RuleBroken(
            _(
                "文件名写的是 %(said)s，内容却不是。请用原软件重新导出后上传，不要直接修改扩展名。",
                said=TRAITS[kind].label,
            )
        )


def _guesses(data: bytes) -> set[str]:
    import puremagic  # reads its table of signatures, needed only where something is uploaded

    try:
        return {match.extension for match in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        return set()
