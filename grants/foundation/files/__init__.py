"""Files: taken in through checks, kept under their hash, handed out through the application only."""

from grants.foundation.files.kinds import ANY, IMAGES, PAPERS, SHEETS, TRAITS, Kind, accept, kind_label, spoken
from grants.foundation.files.names import clean_name
from grants.foundation.files.service import extension_of, get_file, max_bytes, read_bytes, store_bytes, store_upload
from grants.foundation.files.store import StorageUnavailable
from grants.foundation.files.web import disposition, send

__all__ = [
    "ANY",
    "IMAGES",
    "PAPERS",
    "SHEETS",
    "TRAITS",
    "Kind",
    "StorageUnavailable",
    "accept",
    "clean_name",
    "disposition",
    "extension_of",
    "get_file",
    "kind_label",
    "max_bytes",
    "read_bytes",
    "send",
    "spoken",
    "store_bytes",
    "store_upload",
]
