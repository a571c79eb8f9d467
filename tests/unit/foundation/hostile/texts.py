"""Tables that are formulas or no tables, and names that mislead."""

from tests.unit.foundation.hostile.entry import HTML, MB, Hostile, a_zip
from tests.unit.foundation.hostile.papers import pdf

TABLES = [
    Hostile("CSV with formulas", "a.csv", lambda: b"name,x\n=cmd|' /C calc'!A0,-1+2+cmd\n", (b"\n=cmd", b",-1+2")),
    Hostile(
        "CSV with full-width formulas",
        "a.csv",
        lambda: "名,值\n＝cmd(),＠SUM\n".encode(),
        ("\n＝".encode(), ",＠".encode()),
    ),
    Hostile("CSV with a formula behind a tab", "a.csv", lambda: b"name,x\n1,\t=cmd()\n", (b",\t=",)),
    Hostile("HTML named CSV", "a.csv", lambda: HTML),
    Hostile("markup named CSV", "a.csv", lambda: b"  <img src=x onerror=alert(1)>,b\n"),
    Hostile("CSV with NUL", "a.csv", lambda: b"a,b\0c\n"),
    Hostile("program named CSV", "a.csv", lambda: b"MZ\x90\0" + b"\0" * 200),
    Hostile("zip named CSV", "a.csv", a_zip),
    Hostile("UTF-16 named CSV", "a.csv", lambda: "a,b\n".encode("utf-16")),
    Hostile("one cell of a megabyte", "a.csv", lambda: b'a,"' + b"x" * MB + b'"\n'),
]

NAMES = [
    Hostile("program behind a double extension", "合同.pdf.exe", pdf),
    Hostile("right-to-left override", "报告\u202efdp.exe", pdf),
    Hostile("NUL in the name", "a.pdf\0.exe", pdf),
    Hostile("no extension", "合同", pdf),
    Hostile("server settings", ".htaccess", lambda: b"AddHandler php .jpg"),
    Hostile("blank name", "   ", pdf),
    Hostile("empty file", "a.pdf", lambda: b""),
]
