"""What makes a password good enough: length and a blocklist; no prescribed signs, no forced change (NIST 800-63B)."""

from grants.foundation.i18n import _

SHORTEST_STAFF = 12
SHORTEST_OTHERS = 8
LONGEST = 128

_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BASES = _words(
    "password passw0rd p@ssword p@ssw0rd passwd admin administrator root guest user test welcome letmein login "
    "changeme default secret master monkey dragon sunshine princess football baseball iloveyou superman batman michael "
    "shadow qwerty qwert qwer asdf asdfgh zxcv zxcvbn qazwsx abc abcd abcdef a aa aaa q woaini woaiwojia woaizhongguo "
    "wodemima mima nihao wangyi zhang wang li jiedao shequ jumin wutong gongyi chuangtou wutongjiedao gongyichuangtou "
    "juweihui zhongguo china beijing shanghai love lovely hello computer internet server oracle huawei xiaomi "
    "tencent taobao"
)
_COMMON = _words(
    "11223344 12341234 12344321 12345678 123123123 123321123 1234567890 123456789a a12345678 aa123456 abc12345 "
    "abcd1234 asd12345 asdf1234 a1b2c3d4 qwer1234 qwe123456 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 zaq12wsx q1w2e3r4 "
    "147258369 159357258 741852963 789456123 963852741 987654321 5201314520 52013145 woaini1314 woaini520 woaini521 "
    "13145200 31415926 zxcvbnm1 trustno1 iloveyou1 whatever starwars football1 baseball1 sunshine1 princess1 superman1 "
    "dragon123 monkey123 charlie1 computer1 internet1 correcthorsebatterystaple"
)
_TRAILING = "0123456789!@#$%^&*._-+~ "


def why_not_password(password: str, *, login: str, is_staff: bool, name: str = "") -> str | None:
    """Say why a password will not do, or None. Blanks and every sign are welcome; nothing expires."""
    shortest = SHORTEST_STAFF if is_staff else SHORTEST_OTHERS
    if len(password) < shortest:
        return _("密码至少要 %(count)s 个字符。可以用几个词连成一句话，好记又安全。", count=shortest)
    if len(password) > LONGEST:
        return _("密码最多 %(count)s 个字符", count=LONGEST)
    plain = password.lower()
    if (len(login) > 2 and login.lower() in plain) or (len(name) > 1 and name in password):
        return _("密码里不要含有登录名或姓名")
    if _is_common(plain) or _is_pattern(plain):
        return _("这个密码太常见，很容易被猜中，请换一个")
    return None


def _is_common(plain: str) -> bool:
    core = plain.rstrip(_TRAILING)
    squeezed = plain.replace(" ", "").replace("-", "").replace("_", "")
    return plain in _COMMON or squeezed in _COMMON or core in _BASES or plain.lstrip(_TRAILING) in _BASES


def _is_pattern(plain: str) -> bool:
    """Tell whether it is few signs, one piece over and over, or a run along the alphabet or the keyboard."""
    if len(set(plain)) < 5:
        return True
    if any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1)):
        return True
    return any(plain in row * 2 or plain in row[::-1] * 2 for row in _ROWS)
