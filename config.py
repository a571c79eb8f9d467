"""Settings, read from the environment only. Every default is safe in production; nothing secret has one."""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path

ROOT = Path(__file__).resolve().parent
MODES = ("production", "demo", "test")
LOOPBACK = ("127.0.0.0/8", "::1/128")


class UnsafeSettings(RuntimeError):
    """The application refuses to start with these settings; the message lists every fault."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one installation and another."""

    mode: str = "production"
    secret_key: str = ""
    field_key: str = ""
    database_url: str = f"sqlite:///{ROOT / 'var' / 'grants.sqlite'}"
    data_dir: Path = ROOT / "var"
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    street_name: str = "梧桐街道"
    max_upload_mb: int = 20
    smtp_url: str = ""
    signing_file: str = ""
    signing_password: str = field(default="", repr=False)
    metrics_token: str = ""
    metrics_networks: tuple[str, ...] = LOOPBACK
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; raise UnsafeSettings where a value cannot be understood."""
        env = os.environ if environ is None else environ
        data_dir = Path(env.get("GRANTS_DATA_DIR", str(ROOT / "var")))
        try:
            return cls(
                mode=env.get("GRANTS_MODE", "production"),
                secret_key=env.get("SECRET_KEY", ""),
                field_key=env.get("FIELD_KEY", ""),
                database_url=env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'grants.sqlite'}",
                data_dir=data_dir,
                trusted_hosts=_listed(env.get("TRUSTED_HOSTS", "")),
                proxies=int(env.get("PROXIES", "0")),
                street_name=env.get("STREET_NAME", "梧桐街道"),
                max_upload_mb=int(env.get("MAX_UPLOAD_MB", "20")),
                smtp_url=env.get("SMTP_URL", ""),
                signing_file=env.get("SIGNING_FILE", ""),
                signing_password=env.get("SIGNING_PASSWORD", ""),
                metrics_token=env.get("METRICS_TOKEN", ""),
                metrics_networks=_listed(env.get("METRICS_NETWORKS", ",".join(LOOPBACK))),
                environ=env,
            )
        except ValueError as error:
            raise UnsafeSettings(f"a setting is not a number: {error}") from error

    @property
    def is_production(self) -> bool:
        """Tell whether real people and real money are at stake."""
        return self.mode == "production"

    @property
    def sqlalchemy_url(self) -> str:
        """Return the database address with the driver that is installed."""
        for prefix in ("postgres://", "postgresql://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    def faults(self) -> list[str]:
        """List what makes these settings unfit to start with, in words an operator can act on."""
        found = []
        if self.mode not in MODES:
            found.append(f"GRANTS_MODE is {self.mode!r}; it must be one of {', '.join(MODES)}")
        if len(self.secret_key) < 32:
            found.append("SECRET_KEY is missing or shorter than 32 characters")
        if not _is_field_key(self.field_key):
            found.append("FIELD_KEY is missing or not 32 bytes in base64; it encrypts identity and bank numbers")
        if self.metrics_token and len(self.metrics_token) < 16:
            found.append("METRICS_TOKEN is shorter than 16 characters; leave it empty or make it longer")
        found += [
            f"METRICS_NETWORKS names {text!r}, which is no network like 10.0.0.0/8"
            for text in self.metrics_networks
            if not _is_network(text)
        ]
        if self.smtp_url and not re.match(r"smtps?://[^/]*[^/@:]", self.smtp_url):
            found.append("SMTP_URL is no address like smtp://USER:PASSWORD@HOST:587?from=office@street.example")
        found += self._signing_faults()
        if self.is_production:
            found += self._production_faults()
        return found

    def _signing_faults(self) -> list[str]:
        if not self.signing_file:
            return []
        found = []
        if not Path(self.signing_file).is_file():
            found.append("SIGNING_FILE names no file; it is the PKCS#12 file of the street's certificate")
        if find_spec("pyhanko") is None:
            found.append("SIGNING_FILE is set but pyhanko is not installed; install requirements-signing.txt")
        return found

    def _production_faults(self) -> list[str]:
        found = []
        if self.environ.get("FLASK_DEBUG", "0") not in {"", "0", "false", "False"}:
            found.append("FLASK_DEBUG is on; it would show the inside of the program to visitors")
        if not self.trusted_hosts:
            found.append("TRUSTED_HOSTS is empty; name the host this site is reached by")
        if len(set(self.secret_key)) < 10 and self.secret_key:
            found.append("SECRET_KEY repeats itself; make one with Python's secrets.token_hex(32)")
        return found

    def check(self) -> None:
        """Raise UnsafeSettings with every fault, or return."""
        found = self.faults()
        if found:
            raise UnsafeSettings("refusing to start:\n  - " + "\n  - ".join(found))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _is_field_key(text: str) -> bool:
    """Tell whether a text is one key, or several separated by commas while a change of key is under way."""
    try:
        return all(len(base64.b64decode(part, validate=True)) == 32 for part in text.split(","))
    except (binascii.Error, ValueError):
        return False
