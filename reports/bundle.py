"""A ZIP of issued papers with its manifest: what is in it, how each is checked, and what could not be printed."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from grants.foundation.clock import local
from grants.foundation.errors import DomainError
from grants.foundation.files import read_bytes
from grants.foundation.i18n import _
from grants.foundation.models import IssuedDocument
from grants.foundation.web.downloads import neutral

HEADER = ("对象", "名称", "文件", "编号", "核验码", "状态", "数据截至", "大小（字节）", "SHA-256", "未生成的原因")


def entry(ref: str, document: IssuedDocument | None, error: str | None) -> dict[str, Any]:
    """Return what a manifest says about one paper: how to check it, or why there is none."""
    if document is None or document.file is None:
        return {"ref": ref, "error": error or "unknown"}
    return {
        "ref": ref,
        "file": f"{ref}.pdf",
        "title": document.title,
        "number": document.number,
        "check_code": document.code,
        "is_draft": document.is_draft,
        "sha256": document.content_hash,
        "size": document.file.size,
        "data_cutoff_at": local(document.cutoff_at).isoformat(timespec="seconds"),
    }


def write_zip(
    target: str | IO[bytes],
    *,
    kind: str,
    round_ref: str,
    address: str,
    papers: Iterable[tuple[str, IssuedDocument | None, str | None]],
) -> list[dict[str, Any]]:
    """Write the papers, given as (reference, issued document, reason), and return the entries of the manifest.

    A file whose bytes no longer match the issued hash is left out and said to be so: the rest is delivered.
    """
    entries = []
    # A PDF is compressed already
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for ref, document, error in papers:
            one = entry(ref, document, error)
            if document is not None and document.file is not None:
                try:
                    content = read_bytes(document.file)
                except DomainError as unreadable:
                    one = {"ref": ref, "error": unreadable.message}
                else:
                    if hashlib.sha256(content).hexdigest() == one["sha256"]:
                        archive.writestr(_member(one["file"]), content)
                    else:
                        one = {"ref": ref, "error": _("存档文件与出具时的摘要不一致。")}
            entries.append(one)
        manifest = {"kind": kind, "round": round_ref, "address": address, "reports": entries}
        archive.writestr(_member("manifest.json"), json.dumps(manifest, ensure_ascii=False, indent=2))
        archive.writestr(_member("manifest.csv"), _listing(entries))
    return entries


def _member(name: str) -> zipfile.ZipInfo:
    # Without a fixed time the same papers would give another ZIP every time
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o644 << 16
    return info


def _listing(entries: list[dict[str, Any]]) -> bytes:
    """Return the manifest as a table that opens in a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for one in entries:
        state = "未生成" if "error" in one else "草稿" if one["is_draft"] else "正式"
        names = ("title", "file", "number", "check_code")
        tail = (one.get("data_cutoff_at", ""), one.get("size", ""), one.get("sha256", ""), one.get("error", ""))
        row = (one["ref"], *(one.get(name, "") for name in names), state, *tail)
        writer.writerow([neutral(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")
