"""The approval form of a change: what was asked, by whom, and what a second person decided."""

from datetime import timedelta

import pytest
from flask import Flask

from grants.agreements import service as agreement_service
from grants.agreements.rules import ChangeKind, ChangeStatus
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.rounds import service as rounds_service
from grants.selection import service as selection_service
from reports.catalogue import KINDS
from reports.gather.choices import OPERATOR
from tests.factories import agreements, selection
from tests.integration.reports.reading import gathered, printed

KIND = "change-approval"


def test_a_change_is_a_draft_until_a_second_person_decides(ctx: Flask) -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    first = selection_service.propose_extension(
        call=call,
        officer=stage.programme,
        closes_at=call.closes_at + timedelta(days=5),
        reason="连日暴雨，组织来不及。",
    )
    ref, asked, decided = f"{call.ref}-BG1", stage.programme.display_name, stage.leader.display_name
    db.session.commit()
    assert [one.ref for one in KINDS[KIND].list_for(OPERATOR)] == [ref]
    assert gathered(KIND, ref).is_draft
    first = db.session.merge(first)
    selection_service.decide_extension(extension=first, officer=db.session.merge(stage.leader), is_approved=True)
    db.session.commit()
    made = gathered(KIND, ref)
    assert not made.is_draft
    text = printed(KIND, made)
    for words in ("变更审批表", "延长征集期限", "连日暴雨，组织来不及。", "同意变更", asked, decided):
        assert words in text


def test_a_change_of_an_agreement_is_printed_with_its_effects_and_three_names(ctx: Flask) -> None:
    parties = agreements.make_parties()
    agreement = agreements.make_signed(parties)
    first = agreements.make_change(parties, agreement, ChangeStatus.FILED).ref
    asked = agreements.wish(ChangeKind.BUDGET, **agreements.LARGE_MOVE)
    change = agreements.make_change(parties, agreement, ChangeStatus.ENDORSED, asked)
    ref, round_ref, officer = change.ref, agreement.project.round.ref, parties.programme.display_name
    db.session.commit()
    assert [one.ref for one in KINDS[KIND].list_for(OPERATOR, round_ref)] == [first, ref]
    assert gathered(KIND, ref).is_draft
    assert "备案" in printed(KIND, gathered(KIND, first))
    leader = db.session.merge(parties.leader)
    name = leader.display_name
    agreement_service.approve_change(amendment=db.session.merge(change), by=leader)
    db.session.commit()
    made = gathered(KIND, ref)
    assert not made.is_draft
    text = printed(KIND, made)
    for words in ("预算调整", "18,000.00", "对进度的影响", officer, name):
        assert words in text


def test_changes_of_one_thing_are_numbered(ctx: Flask) -> None:
    stage = selection.make_stage()
    phase = stage.round.phases[-1]
    for days, reason in ((3, "第一次"), (6, "第二次")):
        wish = rounds_service.extend_phase(
            phase=phase, officer=stage.programme, ends_on=phase.ends_on + timedelta(days=days), reason=reason
        )
        db.session.flush()
        rounds_service.refuse_extension(extension=wish, officer=stage.leader)
    base = f"{stage.round.ref}-{phase.phase.value}"
    db.session.commit()
    assert {one.ref for one in KINDS[KIND].list_for(OPERATOR, stage_round(base))} == {f"{base}-BG1", f"{base}-BG2"}
    text = printed(KIND, gathered(KIND, f"{base}-BG2"))
    assert "第二次" in text
    assert "不同意变更" in text
    with pytest.raises(NotFound):
        gathered(KIND, f"{base}-BG3")


def stage_round(base: str) -> str:
    """Return the reference of the round a phase belongs to."""
    return base.rpartition("-")[0]
