"""Passwords: long enough, not on the blocklist, nothing else prescribed."""

import pytest

from grants.people.rules.passwords import why_not_password


@pytest.mark.parametrize(
    "password",
    [
        "12345678",
        "88888888",
        "abcabcabc",
        "qwertyuiop",
        "woaini1314",
        "Password2026!",
        "2026wutongjiedao",
        "1q2w3e4r",
        "9876543210",
    ],
)
def test_common_and_patterned_passwords_are_refused(password: str) -> None:
    assert why_not_password(password, login="someone", is_staff=False) is not None


@pytest.mark.parametrize(
    "password", ["银杏树下捉迷藏喝豆浆", "three quiet herons at dawn", "kumquat-42-tram", "liufang7tea"]
)
def test_long_sentences_in_any_script_are_welcome(password: str) -> None:
    assert why_not_password(password, login="someone", is_staff=False) is None


def test_staff_need_twelve_signs_and_residents_eight() -> None:
    assert why_not_password("tram-kumquat"[:8], login="someone", is_staff=False) is None
    assert "12" in (why_not_password("tram-kumqua", login="someone", is_staff=True) or "")
    assert "8" in (why_not_password("tram-ku", login="someone", is_staff=False) or "")
    assert why_not_password("x1y2z3w4" * 20, login="someone", is_staff=False) is not None


def test_login_and_name_are_not_part_of_a_password() -> None:
    assert why_not_password("wang.li likes tea", login="wang.li", is_staff=False) is not None
    assert why_not_password("王丽爱喝茉莉花茶呀", login="wl99", is_staff=False, name="王丽") is not None
