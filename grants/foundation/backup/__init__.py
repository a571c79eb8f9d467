"""One archive of database and files, and its way back into an empty installation of either engine."""

from grants.foundation.backup.archive import BackupFailed, Manifest
from grants.foundation.backup.restoring import restore
from grants.foundation.backup.rows import Staged
from grants.foundation.backup.taking import take

__all__ = ["BackupFailed", "Manifest", "Staged", "restore", "take"]
