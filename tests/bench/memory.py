"""The memory of the process that asks; importable by a worker without anything else."""

from pathlib import Path


def resident_mb() -> bytes:
    """Return the resident size in MB, as text."""
    return _status_mb("VmRSS:")


def peak_resident_mb() -> bytes:
    """Return the largest resident size so far in MB, as text; unlike ru_maxrss it begins anew with the program."""
    return _status_mb("VmHWM:")


def _status_mb(name: str) -> bytes:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return f"{int(line.split()[1]) / 1024:.1f}".encode()
    raise ValueError(f"no {name} in /proc/self/status")
