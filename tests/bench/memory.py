"""The memory of the process that asks; importable by a worker without anything else."""

from pathlib import Path


def resident_mb() -> bytes:
    """Return the resident size in MB, as text."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return f"{int(line.split()[1]) / 1024:.1f}".encode()
    raise ValueError("no VmRSS in /proc/self/status")
