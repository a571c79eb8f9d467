"""Pictures with something else in them, and things that only say they are pictures."""

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

from tests.unit.foundation.hostile.entry import HTML, Hostile, a_zip, bomb


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    """Return a small honest picture."""
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, form, **options)
    return buffer.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *extra: bytes, rows: int | None = None) -> bytes:
    """Return a grey PNG of any size without ever holding it unpacked."""
    packer = zlib.compressobj(9)
    line = bytes(1 + width)
    body = b"".join(packer.compress(line) for _row in range(height if rows is None else rows)) + packer.flush()
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def jpeg_with_comment(comment: bytes) -> bytes:
    data = picture()
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + data[2:]


def jpeg_with_position() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    exif.get_ifd(0x8769)[0x9003] = "2026:03:08 14:30:00"
    return picture(exif=exif)


def png_with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<script>alert(1)</script>")
    return picture("PNG", pnginfo=words)


def many_frames() -> bytes:
    frames = [Image.new("P", (20, 20), number % 7) for number in range(60)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'

PICTURES = [
    Hostile("SVG with script", "logo.svg", lambda: SVG),
    Hostile("SVG named PNG", "logo.png", lambda: SVG),
    Hostile("HTML named JPG", "photo.jpg", lambda: HTML),
    Hostile("GIF named JPG", "photo.jpg", lambda: picture("GIF")),
    Hostile("PNG named JPG", "photo.jpg", lambda: picture("PNG")),
    Hostile("TIFF named JPG", "photo.jpg", lambda: picture("TIFF")),
    Hostile("JPG with a JAR behind it", "photo.jpg", lambda: picture() + a_zip(), (b"PK\x03\x04", b"evil.class")),
    Hostile(
        "JPG with PHP in a comment", "a.jpg", lambda: jpeg_with_comment(b"<?php system($_GET[0]); ?>"), (b"<?php",)
    ),
    Hostile("JPG with position and camera", "a.jpg", jpeg_with_position, (b"SECRETCAMERA", b"Exif", b"2026:03:08")),
    Hostile("PNG with script in its words", "a.png", png_with_words, (b"script", b"tEXt")),
    Hostile("PNG with HTML behind it", "a.png", lambda: picture("PNG") + HTML, (b"script",)),
    Hostile("PNG with a zip behind it", "a.png", lambda: picture("PNG") + a_zip(), (b"PK\x03\x04",)),
    Hostile("animated PNG", "a.png", many_frames, (b"acTL", b"fdAT")),
    Hostile("100 megapixels", "huge.png", lambda: png(10_000, 10_000)),
    Hostile("65535 x 65535 announced", "huge.png", lambda: png(65_535, 65_535, rows=1)),
    Hostile(
        "PNG text that unpacks to 200 MB",
        "a.png",
        lambda: png(4, 4, png_chunk(b"zTXt", b"Comment\0\0" + bomb(200)), rows=4),
    ),
    Hostile("half a JPG", "a.jpg", lambda: picture(size=(800, 600))[:900]),
    Hostile("JPG that is a script too", "a.jpg", lambda: b"\xff\xd8\xff\xe0/*" + b"*/=alert(1);/*" + b"\0" * 40),
    Hostile("WebP header only", "a.webp", lambda: b"RIFF\x20\0\0\0WEBPVP8X" + b"\xff" * 40),
    Hostile("program named PNG", "a.png", lambda: b"MZ\x90\0" + b"\0" * 200),
]
