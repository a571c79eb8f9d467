"""Made-up photos and scans: every one different, none of anybody."""

import io
import random

from PIL import Image, ImageDraw, ImageEnhance

from grants.foundation.files import read_bytes, store_bytes
from grants.foundation.files.images import look_of
from grants.foundation.models import StoredFile
from grants.people.models import User


def photo(dice: random.Random, name: str, user: User, purpose: str) -> StoredFile:
    """Store a drawing that stands for a photo."""
    size = (480, 320)
    sky = tuple(dice.randrange(150, 235) for _channel in range(3))
    picture = Image.new("RGB", size, sky)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 220, 480, 320), fill=tuple(dice.randrange(90, 170) for _channel in range(3)))
    for _person in range(dice.randrange(6, 16)):
        left, top = dice.randrange(20, 440), dice.randrange(170, 250)
        coat = tuple(dice.randrange(40, 220) for _channel in range(3))
        pen.ellipse((left + 6, top - 18, left + 22, top - 2), fill=(224, 188, 160))
        pen.rounded_rectangle((left, top, left + 28, top + 46), radius=8, fill=coat)
    return _store(picture, f"{name}.jpg", user, purpose)


def smaller(file: StoredFile, name: str, user: User, purpose: str) -> StoredFile:
    """Store a picture again, smaller and lighter, as somebody would who hands the same one in twice."""
    picture = Image.open(io.BytesIO(read_bytes(file))).resize((320, 213))
    return _store(ImageEnhance.Brightness(picture).enhance(1.1), f"{name}.jpg", user, purpose)


def scan(dice: random.Random, name: str, user: User, purpose: str) -> StoredFile:
    """Store a drawing that stands for a scanned sheet."""
    picture = Image.new("RGB", (420, 594), (252, 250, 245))
    pen = ImageDraw.Draw(picture)
    for row in range(18):
        top = 70 + row * 27
        pen.line((40, top, 380, top), fill=(150, 146, 140))
        pen.line((48, top - 8, 48 + dice.randrange(40, 110), top - 12), fill=(40, 44, 90), width=2)
        pen.line((220, top - 9, 220 + dice.randrange(40, 130), top - 9), fill=(40, 44, 90), width=2)
    if dice.random() < 0.7:
        pen.ellipse((280, 470, 370, 560), outline=(196, 40, 46), width=4)
    return _store(picture, f"{name}.jpg", user, purpose)


def _store(picture: Image.Image, name: str, user: User, purpose: str) -> StoredFile:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    file = store_bytes(out.getvalue(), name=name, media_type="image/jpeg", purpose=purpose, actor_id=user.id)
    file.picture_hash = look_of(picture)
    return file
