"""A public photo tells nobody where it was taken, with what, or by whom; when it was taken stays on record."""

import io
from collections.abc import Callable
from datetime import UTC

from flask import Flask
from PIL import Image

from grants.foundation.database import db
from grants.foundation.files import read_bytes
from grants.supervision import queries
from tests.browsing import Browser
from tests.factories import agreements, supervision

MAKER, GPS, ARTIST = 0x010F, 0x8825, 0x013B
WHERE = {1: "N", 2: (30.0, 16.0, 31.25), 3: "E", 4: (120.0, 9.0, 18.75)}


def taken_by_phone() -> bytes:
    """Return a photo as telephones write it: with position, maker and owner."""
    exif = Image.Exif()
    exif[MAKER], exif[ARTIST] = "PHONEMAKER", "owner-of-the-phone"
    exif.get_ifd(GPS).update(WHERE)
    exif.get_ifd(0x8769)[0x9003] = "2026:03:08 14:30:00"
    picture = Image.linear_gradient("L").resize((320, 200))
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(out.getvalue())).getexif().get_ifd(GPS), "the picture to start with has a position"
    return out.getvalue()


def test_a_public_photo_says_nothing_of_where_it_was_taken(app: Flask, browse: Callable[[str | None], Browser]) -> None:
    with app.app_context():
        parties = agreements.make_parties()
        ref = supervision.make_announced(parties, agreements.make_signed(parties)).ref
        db.session.commit()
    fields = {"person_count": "9", "attendance_count": "9", "summary": "现场热烈。", "has_cleared_photos": "y"}
    sheets, photos = ((io.BytesIO(taken_by_phone()), name) for name in ("签到.jpg", "现场.jpg"))
    browse("org-1").post(
        f"/supervision/activities/{ref}/record", {**fields, "sign_in_sheets": sheets, "photos": photos}
    )
    with app.app_context():
        evidence = queries.get_activity(ref).evidence
        photo = next(one for one in evidence if one.kind == "photo")
        stored = [read_bytes(one.file) for one in evidence]
        assert photo.file.taken_at is not None
        assert photo.file.taken_at.astimezone(UTC).isoformat() == "2026-03-08T06:30:00+00:00"
        assert len(photo.file.picture_hash or "") == 16
        href = f"/supervision/evidence/{photo.id}"
    for data in (*stored, browse(None).get(href).response.data):
        with Image.open(io.BytesIO(data)) as kept:
            assert not kept.getexif()
            assert not kept.info.get("exif")
        assert b"PHONEMAKER" not in data
        assert b"owner-of-the-phone" not in data
