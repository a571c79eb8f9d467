"""The printed sheet of a case says what the page says, with its pictures."""

import io

import pytest
from PIL import Image

from grants.evaluation.models import Evaluation
from grants.foundation import files
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.growth import queries, service
from grants.growth.service import CaseText
from tests.factories.payments import Case, staff
from tests.integration.growth.conftest import LESSONS, STORY
from tests.integration.reports.reading import gathered, printed


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), "#8a2c28").save(out, "JPEG")
    return out.getvalue()


def test_the_sheet_carries_text_figures_and_only_pictures_still_public(finished: tuple[Case, Evaluation]) -> None:
    case, evaluation = finished
    officer = case.parties.programme
    photos = queries.list_pictures(case.agreement.id)[:2]
    for one in photos:
        one.file = files.store_bytes(
            _picture(), name="活动.jpg", media_type="image/jpeg", purpose="evidence", actor_id=officer.id
        )
    made = service.choose_case(
        evaluation=evaluation, officer=officer, text=CaseText("一碗热饭", STORY, LESSONS, "值得推广"), pictures=photos
    )
    photos[1].activity.has_cleared_photos = False
    ref = made.ref
    db.session.commit()
    paper = gathered("case-sheet", ref)
    assert len(paper.document.pictures) == 1
    assert paper.document.pictures[0].source.startswith("data:image/jpeg;base64,")
    if db.engine.dialect.name == "sqlite":  # what is printed is the same whatever it was read from
        text = printed("case-sheet", paper)
        for words in ("一碗热饭", "逐户核定名单", "固定结对，不轮换", "值得推广", "71.94分", "满意率87.5%", "人均成本"):
            assert words in text
    service.withdraw_case(case=queries.get_case(ref), officer=staff("programme-1"), reason="组织请求移出")
    with pytest.raises(NotFound):
        gathered("case-sheet", ref)
