"""Photographs: decoded within limits, turned upright, and written anew without anything but the picture."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from PIL import Image, ImageFile, ImageOps

from grants.foundation.clock import SHANGHAI, now
from grants.foundation.errors import RuleBroken
from grants.foundation.files.kinds import Kind
from grants.foundation.i18n import _

MAX_PIXELS = 50_000_000
"""A telephone of today takes 12 to 50 million; decoded that is 150 MB at most."""
MAX_SIDE = 4000
"""Pixels; larger pictures are reduced, which still fills an A3 page at 240 dpi."""
QUALITY = 88

_TAKEN, _OFFSET, _EXIF = 0x9003, 0x9011, 0x8769


class Picture(NamedTuple):
    """A picture without its history, when the camera says it was taken, and what it looks like."""

    data: bytes
    taken_at: datetime | None
    look: str


def clean_image(data: bytes, kind: Kind) -> Picture:
    """Return the picture re-encoded in its own format, without EXIF, position, comments and hidden rest.

    Raises RuleBroken when it is too large to decode or damaged.
    """
    try:
        with _strictly(), Image.open(io.BytesIO(data), formats=[kind.name]) as image:
            _check_size(image)
            taken_at = _taken_at(image)
            picture = _upright(image, kind)
            return Picture(_encode(picture, kind), taken_at, look_of(picture))
    except RuleBroken:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    # A decoder fed with hostile bytes may fail in any way
    except Exception as error:
        raise RuleBroken(_("图片已损坏或不完整，无法打开。请重新拍摄或导出后再上传。")) from error


def look_of(picture: Image.Image) -> str:
    """Return the difference hash (dHash) of a picture: 64 bits in hexadecimal, each telling which of two neighbours of
    a 9 × 8 thumbnail is lighter.

    It stays nearly the same when a picture is scaled, compressed or made lighter, not when it is cropped or turned.
    These lines stand in for a library because those there are bring numpy and scipy along.
    """
    grey = picture.convert("RGB").convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = "".join(str(int(grey[at] > grey[at + 1])) for row in range(8) for at in range(row * 9, row * 9 + 8))
    return f"{int(bits, 2):016x}"


@contextmanager
def _strictly() -> Iterator[None]:
    """Take no half pictures: the PDF engine, where it shares the process, tells Pillow to be lenient."""
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _too_large() -> RuleBroken:
    return RuleBroken(_("图片像素过大，最多 %(limit)s 万像素。请缩小尺寸后再上传。", limit=MAX_PIXELS // 10_000))


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_large()


def _upright(image: Image.Image, kind: Kind) -> Image.Image:
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    image.load()
    picture = ImageOps.exif_transpose(image)
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if kind is Kind.JPEG and picture.mode not in {"L", "RGB"}:
        picture = picture.convert("RGB")
    elif picture.mode not in {"1", "L", "LA", "P", "RGB", "RGBA"}:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture


def _encode(picture: Image.Image, kind: Kind) -> bytes:
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    buffer = io.BytesIO()
    if kind is Kind.PNG:
        picture.save(buffer, "PNG")
    else:
        picture.save(buffer, kind.name, quality=QUALITY)
    return buffer.getvalue()


def _taken_at(image: Image.Image) -> datetime | None:
    """Read the time of exposure; a camera without time zone is taken to stand in the street."""
    try:
        details = image.getexif().get_ifd(_EXIF)
        moment = datetime.strptime(str(details[_TAKEN])[:19], "%Y:%m:%d %H:%M:%S")
        moment = moment.replace(tzinfo=_zone(str(details.get(_OFFSET, "")))).astimezone(UTC)
    except (KeyError, ValueError, TypeError, OSError, SyntaxError, OverflowError, struct.error):
        return None
    is_plausible = moment.year >= 2000 and moment <= now() + timedelta(days=1)
    return moment if is_plausible else None


def _zone(offset: str) -> tzinfo:
    try:
        return datetime.strptime(offset.strip("\0 "), "%z").tzinfo or SHANGHAI
    except ValueError:
        return SHANGHAI
