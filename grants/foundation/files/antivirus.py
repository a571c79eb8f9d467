"""A hook for the virus scanner of the house: any command that reads a file from its standard input."""

import logging
import shlex
import subprocess

from flask import current_app

from grants.foundation.errors import DomainError, RuleBroken
from grants.foundation.i18n import _

log = logging.getLogger("grants.files")
TIMEOUT_S = 60
INFECTED = 1
"""Exit status by which clamdscan, and scanners that follow it, report a find."""


class ScannerUnavailable(DomainError):
    """The scanner that every upload must pass does not answer (503)."""

    status = 503


def scan(data: bytes) -> None:
    """Pass the bytes to the command named by the setting ANTIVIRUS_COMMAND, e.g. "clamdscan --no-summary -".

    Raises RuleBroken when it finds something and ScannerUnavailable when it fails; does nothing without the setting.
    """
    command = current_app.config["SETTINGS"].environ.get("ANTIVIRUS_COMMAND", "")
    if not command:
        return
    try:
        # The command comes from the operator's settings and is not passed through a shell
        finished = subprocess.run(shlex.split(command), input=data, capture_output=True, timeout=TIMEOUT_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unavailable(str(error)) from error
    if finished.returncode == INFECTED:
        raise RuleBroken(_("杀毒软件在文件中发现病毒，已拒绝接收。请先在本机查杀病毒。"))
    if finished.returncode != 0:
        raise _unavailable(f"exit status {finished.returncode}")


def _unavailable(why: str) -> ScannerUnavailable:
    log.error("virus scanner: %s", why)
    return ScannerUnavailable(_("文件安全检查暂时不可用，您的文件没有保存。请稍后再试。"))
