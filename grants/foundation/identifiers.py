"""Numbers that name people, organisations and places: normalise, check, explain, mask.

Checks return Chinese sentences instead of raising: some genuine codes fail the standards, so a person decides.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.cn import uscc as stdnum_uscc

from grants.foundation.i18n import _

_SEPARATORS = re.compile(r"[\s\-‐‑–—_·.]+")


def normalise(text: str) -> str:
    """Return a number as it is stored: half-width, upper case, without blanks and hyphens."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


# 统一社会信用代码, GB 32100-2015

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_REGISTRARS = frozenset("123456789ANY")
_CIVIL_AFFAIRS = "5"
_CIVIL_KINDS = frozenset("1234569")


def uscc_warnings(text: str) -> list[str]:
    """List what looks wrong with a 统一社会信用代码; empty when it passes. Never a reason to block.

    Both check digits are recomputed: the organisation's own (GB 11714, place 17) and the whole code's (place 18).
    Some valid early codes fail the latter, so the register of organisations accepts them with proof.
    """
    code = normalise(text)
    if len(code) != 18:
        return [_("统一社会信用代码应为 18 位，现在是 %(count)s 位", count=len(code))]
    strange = sorted(set(code) - set(_USCC_ALPHABET))
    if strange:
        signs = "、".join(strange)
        return [_("统一社会信用代码里不会出现“%(signs)s”（不使用字母 I、O、S、V、Z），请对照证书核对", signs=signs)]
    return _uscc_part_warnings(code) + _uscc_check_warnings(code)


def is_social_organisation(text: str) -> bool:
    """Tell whether civil affairs issued a code to a society, service institution or foundation (51, 52, 53)."""
    return normalise(text)[:2] in {"51", "52", "53"}


def _uscc_part_warnings(code: str) -> list[str]:
    found = []
    if code[0] not in _REGISTRARS:
        found.append(_("第 1 位（登记管理部门）“%(sign)s”不常见，民政部门登记的为 5", sign=code[0]))
    elif code[0] == _CIVIL_AFFAIRS and code[1] not in _CIVIL_KINDS:
        found.append(_("第 2 位（机构类别）“%(sign)s”不常见：1 社会团体，2 社会服务机构，3 基金会", sign=code[1]))
    if not code[2:8].isdigit():
        found.append(_("第 3 至 8 位应为 6 位数字的行政区划代码"))
    return found


def _uscc_check_warnings(code: str) -> list[str]:
    found = []
    if code[16] != _body_check(code[8:16]):
        found.append(_("第 17 位（主体标识码的校验位）与前 8 位不符，请核对第 9 至 17 位"))
    if code[17] != stdnum_uscc.calc_check_digit(code[:17]):
        found.append(_("末位校验码不符，可能录错了一位；少数早期发放的代码确实如此，请上传证书佐证"))
    return found


def _body_check(body: str) -> str:
    """Return the check character of a 组织机构代码 (GB 11714)."""
    total = sum(_BODY_ALPHABET.index(sign) * weight for sign, weight in zip(body, _BODY_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


# 公民身份号码, GB 11643

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ID_SHAPE = re.compile(r"\d{17}[\dX]", re.ASCII)
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)
_PERMANENT_RESIDENT = "9"
"""First figure of the foreigner's permanent residence card issued since 2023, which follows the same rules."""


def why_not_resident_id(text: str, *, today: date | None = None) -> str | None:
    """Return what is wrong with a resident identity number (GB 11643), or None.

    Cards of residents from 港澳台 (81, 82, 83) and of foreign permanent residents (9…) are accepted. With `today`, a
    birth date in the future is refused too. The answer never repeats the number.
    """
    number = normalise(text)
    if len(number) == 15:
        return _("15 位的旧号码已停用，请填写 18 位身份证号码")
    if not _ID_SHAPE.fullmatch(number):
        return _("身份证号码应为 18 位：前 17 位是数字，末位是数字或 X")
    if number[:2] not in _PROVINCES and number[0] != _PERMANENT_RESIDENT:
        return _("身份证号码的前两位不是有效的地区代码")
    born_on = birth_date(number)
    if born_on is None or (today is not None and born_on > today):
        return _("身份证号码中的出生日期不正确")
    if number[17] != _id_check(number):
        return _("身份证号码的校验位不符，请逐位核对")
    return None


def birth_date(text: str) -> date | None:
    """Return the date of birth written in a resident identity number, or None when it is no date."""
    digits = normalise(text)[6:14]
    if len(digits) != 8 or not digits.isdecimal():
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def age_on(born_on: date, day: date) -> int:
    """Return the full years of age reached by `day`; a person born on 29 February comes of age on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def born_until(day: date, age: int) -> date:
    """Return the last date of birth of those who have reached `age` on a day; 29 February counts from 1 March."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February in a year without one
        return date(day.year - age, 2, 28)


def _id_check(number: str) -> str:
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True)) % 11]


# Telephone

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_COUNTRY_PREFIX = re.compile(r"^(?:\+86|0086|86(?=1\d{10}$))")


def normalise_phone(text: str) -> str:
    """Return a mobile number as 11 digits where that can be told, otherwise what was typed without separators."""
    digits = re.sub(r"[\s\-‐‑–—().]+", "", unicodedata.normalize("NFKC", text))
    return _COUNTRY_PREFIX.sub("", digits)


def why_not_mobile(text: str) -> str | None:
    """Return what is wrong with a mainland mobile number, or None."""
    if _MOBILE.fullmatch(normalise_phone(text)):
        return None
    return _("手机号码应为 11 位数字，以 13 至 19 开头")


# 统计用区划代码, 12 digits

_AREA_PARTS = ((2, "province"), (4, "city"), (6, "county"), (9, "street"), (12, "community"))
_LAST_COMMUNITY = 599


@dataclass(frozen=True)
class AreaCode:
    """A 12-digit area code and the level it names: province, city, county, street or community."""

    code: str
    level: str

    @property
    def parent(self) -> str | None:
        """Return the 12-digit code one level up, or None for a province."""
        levels = [name for _length, name in _AREA_PARTS]
        place = levels.index(self.level)
        return None if place == 0 else self.code[: _AREA_PARTS[place - 1][0]].ljust(12, "0")

    def contains(self, other: "AreaCode") -> bool:
        """Tell whether the other area is this one or lies inside it."""
        length = next(length for length, name in _AREA_PARTS if name == self.level)
        return other.code[:length] == self.code[:length]


def why_not_area_code(text: str) -> str | None:
    """Return what is wrong with a 12-digit area code (GB/T 2260, GB/T 10114), or None."""
    code = normalise(text)
    if len(code) != 12 or not (code.isascii() and code.isdigit()):
        return _("区划代码应为 12 位数字：省、市、县各 2 位，街道、社区各 3 位")
    province, city, street, community = int(code[:2]), int(code[2:4]), int(code[6:9]), int(code[9:])
    # The county may be 00 above a street: a few cities, such as 东莞, have none
    if not province or (code[4:].strip("0") and not city) or (community and not street):
        return _("区划代码的上级部分不能为零")
    if community > _LAST_COMMUNITY:
        return _("区划代码的末三位应为 001–199（居委会）、200–399（村委会）或 400–599（类似居委会、村委会）")
    return None


def area_code(text: str) -> AreaCode:
    """Return the parsed area code; raises ValueError with the reason of `why_not_area_code`."""
    reason = why_not_area_code(text)
    if reason is not None:
        raise ValueError(reason)
    code = normalise(text)
    significant = len(code.rstrip("0"))
    return AreaCode(code, next(name for length, name in _AREA_PARTS if significant <= length))


# Masks: what a screen or a notice shows of a person

_HIDDEN = "****"
_HOUSE_NUMBER = re.compile(r"[0-9０-９]|[一二三四五六七八九十百]+(?:号|幢|栋|座|弄|巷|单元|室|楼|层)")
_ADDRESS_ENDS = (("小区", "社区", "村"), ("街道", "镇", "乡"), ("区", "县", "市", "省"))


def mask_name(name: str) -> str:
    """Return 张* for two characters and 张*三 for three; longer names keep the first and the last."""
    letters = name.strip()
    if len(letters) <= 2:
        return letters[:1] + "*" if len(letters) == 2 else "*" * len(letters)
    return letters[0] + "*" * (len(letters) - 2) + letters[-1]


def mask_phone(phone: str) -> str:
    """Return 138****1234; of a number that is not a mobile one only the last two digits remain."""
    number = normalise_phone(phone)
    if not number:
        return ""
    if _MOBILE.fullmatch(number):
        return number[:3] + _HIDDEN + number[-4:]
    return _HIDDEN + (number[-2:] if len(number) >= 7 else "")


def mask_id(number: str) -> str:
    """Return the first and last character of an identity number with stars between; notices publish none at all."""
    plain = normalise(number)
    return plain[0] + "*" * (len(plain) - 2) + plain[-1] if len(plain) >= 15 else "*" * len(plain)


def mask_account(number: str) -> str:
    """Return ****1234, the last four of a bank account; nothing of one shorter than eight digits."""
    plain = normalise(number)
    if not plain:
        return ""
    return _HIDDEN + (plain[-4:] if len(plain) >= 8 else "")


def mask_address(address: str) -> str:
    """Return an address down to the 小区 or 社区 and never a house number; without one, to the street or district."""
    text = address.strip()
    if not text:
        return ""
    house = _HOUSE_NUMBER.search(text)
    visible = text[: house.start()] if house else text
    for ends in _ADDRESS_ENDS:
        cut = max(visible.rfind(end) + len(end) if end in visible else 0 for end in ends)
        if cut:
            return visible[:cut] + (_HIDDEN if cut < len(text) else "")
    return _HIDDEN


# Codes that people read aloud and type

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011")
_CODE_LENGTH = 16


class BadCode(ValueError):
    """A text is not one of our 16-character codes."""


def new_code() -> str:
    """Return 80 random bits as a Crockford base32 code in four groups: 7Q2M-0K4T-9XZ1-B3CD."""
    return _grouped("".join(secrets.choice(_CROCKFORD) for _place in range(_CODE_LENGTH)))


def normalise_code(text: str) -> str:
    """Return a typed code in its canonical form: O reads as 0, I and L as 1, case and separators do not matter.

    Raises BadCode with a Chinese message when it is not 16 characters of the alphabet.
    """
    plain = normalise(text).translate(_READ_AS)
    if len(plain) != _CODE_LENGTH or set(plain) - set(_CROCKFORD):
        raise BadCode(_("编码应为 16 位字母和数字，分四组，例如 7Q2M-0K4T-9XZ1-B3CD"))
    return _grouped(plain)


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in range(0, _CODE_LENGTH, 4))
