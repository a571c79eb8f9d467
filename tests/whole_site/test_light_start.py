"""A web worker carries what its pages need at once, and nothing of what a job, a command or a rare page needs."""

import base64
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grants.app import COMMANDS

ROOT = Path(__file__).parents[2]
NOT_AT_START = (
    *("pandas", "numpy", "weasyprint", "pikepdf", "openpyxl", "xlsxwriter", "PIL", "segno", "fontTools"),
    *("alembic", "flask_migrate", "mako", "pygments", "huey", "psycopg", "redis", "rapidfuzz", "chinese_calendar"),
    *("puremagic", "prometheus_client", "granian", "pytest", "grants.demo.story", "grants.foundation.cli"),
)


def test_importing_the_application_loads_no_heavy_library(tmp_path: Path) -> None:
    code = f"import sys, wsgi; print([name for name in {NOT_AT_START!r} if name in sys.modules])"
    settings = {
        "GRANTS_MODE": "demo",
        "GRANTS_DATA_DIR": str(tmp_path),
        "SECRET_KEY": "a-secret-key-for-tests-only-0123456789",
        "FIELD_KEY": base64.b64encode(bytes(32)).decode(),
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **settings, "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", COMMANDS)
def test_the_composition_root_names_every_command_of_a_module(module: str) -> None:
    commands = importlib.import_module(module).commands
    assert sorted(COMMANDS[module]) == sorted(command.name for command in commands)
