"""The three papers, printed once for all tests that read them."""

import logging
from collections.abc import Callable

import pytest

from reports.documents.official_paper import to_pdf as official_to_pdf
from reports.documents.project_evaluation import to_pdf as evaluation_to_pdf
from reports.documents.round_summary import to_pdf as summary_to_pdf
from tests.unit.reports.evaluation_sample import evaluation
from tests.unit.reports.paper_sample import paper
from tests.unit.reports.summary_sample import summary


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def _without_complaints(make: Callable[[], bytes]) -> bytes:
    """Print and fail on anything the layout engine warns of: missing glyphs, unknown rules, refused addresses."""
    heard = _Heard()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(heard)
    try:
        made = make()
    finally:
        logger.removeHandler(heard)
    assert heard.said == []
    return made


@pytest.fixture(scope="session")
def evaluation_pdf() -> bytes:
    return _without_complaints(lambda: evaluation_to_pdf(evaluation()))


@pytest.fixture(scope="session")
def summary_pdf() -> bytes:
    return _without_complaints(lambda: summary_to_pdf(summary()))


@pytest.fixture(scope="session")
def official_pdf() -> bytes:
    return _without_complaints(lambda: official_to_pdf(paper()))
