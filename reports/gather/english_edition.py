"""The English edition of the 末期评估报告: gathered as the Chinese one is, numbered in a series of its own."""

from dataclasses import replace

from reports.gather import project_evaluation
from reports.gather.common import Gathered


def gather(reference: str) -> Gathered:
    """Return what the Chinese edition says, filed as the English one; raises what its gathering raises."""
    found = project_evaluation.gather(reference)
    return replace(found, title=f"Final Evaluation Report: {found.document.name}", series=f"{found.series}-EN")
