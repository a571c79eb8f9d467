"""Pictures that are nearly the same, and lists of nearly the same people."""

import io
from uuid import UUID

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from grants.foundation.files.images import look_of
from grants.supervision.rules import FLAG_LABELS, FLAG_REASONS, FlagKind, looks_alike, repeats


def draw(shift: int = 0) -> Image.Image:
    """Draw people in a room."""
    picture = Image.new("RGB", (480, 320), (200, 210, 220))
    pen = ImageDraw.Draw(picture)
    for number, left in enumerate((20, 90, 150, 260, 330, 410)):
        top = (60 + 37 * number + shift * (number + 1)) % 240
        pen.rectangle((left, top, left + 40 + shift % 30, top + 80), fill=(30 + 30 * number, 60, 90))
    return picture


def sent_again(picture: Image.Image) -> Image.Image:
    """Scale a picture down, make it lighter and compress it hard, as a messenger does."""
    smaller = ImageEnhance.Brightness(picture.resize((300, 200))).enhance(1.15)
    out = io.BytesIO()
    smaller.save(out, "JPEG", quality=35)
    return Image.open(io.BytesIO(out.getvalue()))


def test_a_picture_sent_again_is_recognised_and_another_one_is_not() -> None:
    assert looks_alike(look_of(draw()), look_of(sent_again(draw())))
    assert not looks_alike(look_of(draw()), look_of(draw(shift=97)))


def test_nearly_plain_pictures_say_nothing() -> None:
    plain = look_of(Image.new("RGB", (40, 30), "white"))
    assert not looks_alike(plain, plain)


@pytest.mark.parametrize(
    ("shared", "first", "second", "expected"),
    [(8, 10, 10, True), (7, 10, 10, False), (5, 5, 30, True), (4, 4, 4, False)],
)
def test_lists_repeat_from_a_share_of_the_shorter_one_on(shared: int, first: int, second: int, expected: bool) -> None:
    one = {UUID(int=number) for number in range(first)}
    other = {UUID(int=number) for number in range(first - shared, first - shared + second)}
    assert repeats(one, other, 80) is expected


def test_every_kind_of_sign_has_a_name_and_an_explanation() -> None:
    assert set(FLAG_LABELS) == set(FLAG_REASONS) == set(FlagKind)
