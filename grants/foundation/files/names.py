"""File names as people send them, made safe to show, to save and to put into a header."""

import re
import unicodedata

LONGEST_STEM = 72
"""Characters; with a Chinese name and its extension still under the 255 bytes a file system takes."""

_RESERVED = re.compile(r'[<>:"|?*\\/]')
_WINDOWS_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
# "合同.exe.pdf" would show as "合同.exe" where extensions are hidden
_RUNNABLE = re.compile(
    r"\.(?=(?:exe|com|scr|pif|bat|cmd|ps1|vbs|vbe|js|jse|mjs|wsf|hta|lnk|msi|jar|apk|sh|py|pl|rb|php\d?|phtml|phar|asp|aspx"
    r"|jsp|cgi|html?|xhtml|mht|svg|swf|docm|xlsm|dll|iso|zip|rar|7z)(?:\.|$))",
    re.IGNORECASE,
)


def split_name(raw: str) -> tuple[str, str]:
    """Return the cleaned stem and the lower-case extension (with its dot, or "") of a name as sent.

    Folders, control and invisible characters (also those that turn the reading direction) and characters that file
    systems reserve are gone; a runnable extension inside the stem loses its dot; the stem is never empty.
    """
    text = unicodedata.normalize("NFC", raw).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(" " if char.isspace() else char for char in text if not _is_invisible(char))
    stem, dot, extension = text.rstrip(" .").rpartition(".")
    if not dot:
        stem, extension = extension, ""
    extension = unicodedata.normalize("NFKC", extension).strip().lower()
    stem = _RUNNABLE.sub("_", _RESERVED.sub("_", stem))
    stem = re.sub(r" {2,}", " ", stem).strip(" .").lstrip("-~")[:LONGEST_STEM].strip(" .")
    if _WINDOWS_DEVICES.match(stem):
        stem = f"_{stem}"
    return stem or "未命名", f".{extension}" if extension else ""


def clean_name(raw: str) -> str:
    """Return a file name that is safe everywhere."""
    stem, extension = split_name(raw)
    return stem + _RESERVED.sub("_", extension)[:16]


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} and not char.isspace()
