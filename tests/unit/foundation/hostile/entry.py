"""The shape of a hostile file, and what several of them are made of."""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

REFUSED: tuple[bytes, ...] = ()
MB = 1 << 20
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


@dataclass(frozen=True)
class Hostile:
    """One file: `gone` lists what may not survive; with nothing listed it must be refused."""

    title: str
    name: str
    make: Callable[[], bytes]
    gone: tuple[bytes, ...] = REFUSED


def bomb(megabytes: int, head: bytes = b"") -> bytes:
    """Return zlib data that unpacks to that many megabytes of blanks."""
    packer = zlib.compressobj(9)
    blanks = b" " * MB
    return packer.compress(head) + b"".join(packer.compress(blanks) for _ in range(megabytes)) + packer.flush()


def a_zip(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts or {"evil.class": b"cafebabe" * 4}).items():
            archive.writestr(name, content)
    return buffer.getvalue()
