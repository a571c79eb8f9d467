"""The proof bundle of a counted poll: all that is needed to count it again, and the program that does."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from grants.foundation.sealing import vault
from grants.voting import queries, verify
from grants.voting.models import Poll
from grants.voting.rules import PollStatus, Publication

EPOCH = (1980, 1, 1, 0, 0, 0)
README = """# {ref} · {title}

这是一次居民投票的证明包：有了它，任何人都可以在自己的电脑上重新计票，不需要联网，也不需要信任本系统。

    python3 verify.py

（Python 3.9 或更高版本。）程序会逐项检查：规则文件的指纹、公示板上每一枚选票指纹和各批总指纹、名册人数与选票数、
每张选票是否符合规则、同票抽签的次序、得票数和入选结果。全部一致时退出码为 0，任何一处不一致为 1，无法读取为 2。

请再把程序打印不出来的两件事与公示核对：规则指纹（{rule_hash}）和最后一批的总指纹（{root}）。

{kind}

This is the proof bundle of a poll. Run `python3 verify.py` (Python 3.9 or newer, nothing else): it recomputes the hash
of the rules, the leaves, the roots, the order of ties, the votes and the winners, and exits with 0 when all agree.
Compare the hash of the rules and the last root with those on the notice board.

- rules.json 规则文件（开放投票前锁定） · result.json 公布的结果 · roll.json 名册人数与各渠道投票人数
- board.json 公示板上的选票指纹，按次序 · roots.json 各批总指纹（RFC 6962）
- ballots.csv 选票 · challenged.csv 抽查时打开、没有投出的选票
- keys.json 回执签名的公钥（Ed25519） · manifest.json 各文件的 SHA-256 · verify.py 核验程序
"""
OPEN_KIND = """这次投票公开：ballots.csv 含每张选票的选择、回执码和随机数，可以重算每一枚指纹。
持有回执码的人能看到这张选票选了什么，所以请不要把回执码交给别人。"""
PROTECTED_KIND = """这次投票受保护：ballots.csv 只含选择，按内容排序，不含回执码；指纹在 board.json。两者分开公布，
所以本证明包能核验总数、指纹和计票，不能核验某一枚指纹对应的选择；后者由纪监委和抽签产生的居民监票人当场开验。"""


def board_table(poll: Poll) -> tuple[list[str], Iterable[Sequence[Any]]]:
    """Return header and rows of the board: the leaves; of a counted open poll with codes, choices and salts."""
    leaves = queries.list_board_leaves(poll)
    if poll.status is not PollStatus.COUNTED or poll.publication is not Publication.OPEN:
        return ["position", "leaf"], enumerate(leaves, start=1)
    box = {leaf: (code, choices, salt) for code, choices, salt, leaf in queries.list_box(poll)}
    rows = ([position, leaf, *box[leaf]] for position, leaf in enumerate(leaves, start=1))
    return ["position", "leaf", "code", "choices", "salt"], rows


def files_of(poll: Poll) -> dict[str, bytes]:
    """Return the files of a counted poll's bundle by name; raises ValueError for a poll that is not counted."""
    if poll.result is None or poll.rule_file is None:
        raise ValueError(f"{poll.ref} is not counted")
    points = [
        {"number": point.number, "size": point.size, "root": point.root} for point in queries.list_checkpoints(poll)
    ]
    challenged = [[row.choices, row.code, row.salt] for row in queries.list_challenged(poll)]
    files = {
        "rules.json": poll.rule_file.encode(),
        "result.json": _json(poll.result | {"rule_hash": poll.rule_hash, "tie_seed": poll.tie_seed}),
        "roll.json": _json(_roll(poll, poll.result)),
        "board.json": _json(list(queries.list_board_leaves(poll))),
        "roots.json": _json(points),
        "ballots.csv": _ballots(poll),
        "challenged.csv": _csv(["choices", "code", "salt"], challenged),
        "keys.json": _json({"ed25519": vault().public_key_hex, "signed": "poll|code|leaf (UTF-8)"}),
        "README.md": _readme(poll, poll.result).encode(),
        "verify.py": Path(verify.__file__).read_bytes(),
    }
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    return files | {"manifest.json": _json(digests)}


def write(poll: Poll, directory: Path) -> str:
    """Write a poll's bundle into a directory, which is made, and return the SHA-256 that stands for all of its files.

    Raises FileExistsError when something is in it.
    """
    files = files_of(poll)
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise FileExistsError(directory)
    for name, content in files.items():
        (directory / name).write_bytes(content)
    return hashlib.sha256(files["manifest.json"]).hexdigest()


def zipped(poll: Poll) -> bytes:
    """Return the bundle as a ZIP file whose bytes depend on the poll only."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted(files_of(poll).items()):
            entry = zipfile.ZipInfo(f"{poll.ref}/{name}", EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 6)
    return buffer.getvalue()


def _roll(poll: Poll, result: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "entitled": result["entitled"],
        "channels": result["channels"],
        "without_ballot": queries.paper_totals(poll).without_ballot,
    }


def _ballots(poll: Poll) -> bytes:
    if poll.publication is Publication.PROTECTED:
        return _csv(["choices"], ([choices] for choices in queries.list_public_choices(poll)))
    rows = ([choices, code, salt] for code, choices, salt, _leaf in queries.list_box(poll))
    return _csv(["choices", "code", "salt"], rows)


def _readme(poll: Poll, result: Mapping[str, Any]) -> str:
    kind = OPEN_KIND if poll.publication is Publication.OPEN else PROTECTED_KIND
    return README.format(ref=poll.ref, title=poll.title, rule_hash=poll.rule_hash, root=result["root"], kind=kind)


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()
