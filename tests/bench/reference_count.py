"""Equal shares by pabutools, run by a Python of its own that has it: `PYTHON reference_count.py FILE.pb`.

The library is an outside oracle and no part of the project. Prints seconds of the processor (reading and counting), the
winners and the peak memory of the process.
"""

import json
import sys
import time
from pathlib import Path


def main(path: str) -> None:
    """Count one file with utility = cost and add1 by one unit, and say how that went."""
    from pabutools.election import Cost_Sat, parse_pabulib
    from pabutools.rules import method_of_equal_shares
    from pabutools.tiebreaking import lexico_tie_breaking

    before = _peak_mb()
    begun = time.process_time()
    instance, profile = parse_pabulib(path)
    read = time.process_time()
    winners = method_of_equal_shares(
        instance, profile, sat_class=Cost_Sat, voter_budget_increment=1, tie_breaking=lexico_tie_breaking
    )
    done = time.process_time()
    answer = {
        "read_s": read - begun,
        "count_s": done - read,
        "peak_mb": _peak_mb() - before,
        "winners": [project.name for project in winners],
    }
    sys.stdout.write(json.dumps(answer))


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    main(sys.argv[1])
