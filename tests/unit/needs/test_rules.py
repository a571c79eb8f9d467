"""Needs: every status × action, what a vote comes to, the six steps, and likeness."""

import itertools

import pytest

from grants.foundation.errors import TransitionRefused
from grants.needs.rules import (
    NEED_FLOW,
    SIMILAR_FROM,
    MeetingKind,
    NeedAction,
    NeedStatus,
    Outcome,
    Step,
    StepState,
    Votes,
    bigrams,
    has_quorum,
    likeness,
    outcome,
    step_states,
)

S, A = NeedStatus, NeedAction
EXPECTED = {
    (S.RAISED, A.EXAMINE): S.EXAMINED,
    (S.RAISED, A.DECLINE): S.DECLINED,
    (S.RAISED, A.HAND_OVER): S.HANDED_OVER,
    (S.RAISED, A.MERGE): S.MERGED,
    (S.EXAMINED, A.DELIBERATE): S.DELIBERATED,
    (S.EXAMINED, A.DISPUTE): S.DISPUTED,
    (S.EXAMINED, A.ADOPT): S.ADOPTED,
    (S.EXAMINED, A.DECLINE): S.DECLINED,
    (S.EXAMINED, A.HAND_OVER): S.HANDED_OVER,
    (S.EXAMINED, A.MERGE): S.MERGED,
    (S.DISPUTED, A.RESOLVE): S.DELIBERATED,
    (S.DISPUTED, A.DECLINE): S.DECLINED,
    (S.DELIBERATED, A.ADOPT): S.ADOPTED,
    (S.DELIBERATED, A.DECLINE): S.DECLINED,
}


@pytest.mark.parametrize(("status", "action"), list(itertools.product(S, A)))
def test_every_status_and_action_leads_where_the_house_says_or_nowhere(status: S, action: A) -> None:
    if (status, action) in EXPECTED:
        assert NEED_FLOW.next(status, action) is EXPECTED[status, action]
    else:
        with pytest.raises(TransitionRefused):
            NEED_FLOW.next(status, action)


@pytest.mark.parametrize(
    ("attended", "entitled", "expected"), [(10, 20, False), (11, 20, True), (1, 1, True), (0, 5, False)]
)
def test_more_than_half_of_those_entitled_make_a_quorum(attended: int, entitled: int, expected: bool) -> None:
    assert has_quorum(attended, entitled, 50) is expected


DELIBERATION, ASSEMBLY = MeetingKind.DELIBERATION, MeetingKind.REPRESENTATIVES


@pytest.mark.parametrize(
    ("kind", "votes", "quorate", "was_undecided", "expected"),
    [
        (DELIBERATION, (8, 2, 5), True, False, Outcome.PASSED),
        (DELIBERATION, (8, 4, 3), True, False, Outcome.PASSED),
        (DELIBERATION, (10, 5, 0), True, False, Outcome.DISPUTED),
        (DELIBERATION, (7, 2, 6), True, False, Outcome.UNDECIDED),
        (DELIBERATION, (7, 2, 6), True, True, Outcome.DISPUTED),
        (DELIBERATION, (0, 0, 0), True, False, Outcome.UNDECIDED),
        (DELIBERATION, (15, 0, 0), False, False, Outcome.NO_QUORUM),
        (ASSEMBLY, (8, 7, 0), True, False, Outcome.PASSED),
        (ASSEMBLY, (7, 7, 1), True, False, Outcome.REJECTED),
        (ASSEMBLY, (7, 2, 6), True, True, Outcome.REJECTED),
        (ASSEMBLY, (15, 0, 0), False, False, Outcome.NO_QUORUM),
        (MeetingKind.RESIDENTS, (9, 6, 0), True, False, Outcome.PASSED),
    ],
)
def test_a_vote_of_fifteen_comes_to(
    kind: MeetingKind, votes: tuple[int, int, int], quorate: bool, was_undecided: bool, expected: Outcome
) -> None:
    came_to = outcome(
        kind, Votes(*votes), attended=15, quorate=quorate, dispute_percent=33, was_undecided=was_undecided
    )
    assert came_to is expected


def test_a_dispute_stops_the_next_step_and_an_answer_ends_the_rest() -> None:
    stamped = {Step.RAISE, Step.EXAMINE}
    disputed = dict(step_states(S.DISPUTED, stamped))
    assert disputed[Step.EXAMINE] is StepState.DONE
    assert disputed[Step.DELIBERATE] is StepState.STOPPED
    assert disputed[Step.DECIDE] is StepState.TODO
    declined = dict(step_states(S.DECLINED, stamped))
    assert {declined[step] for step in (Step.DELIBERATE, Step.DECIDE, Step.PUBLISH)} == {StepState.SKIPPED}
    running = dict(step_states(S.EXAMINED, stamped))
    assert running[Step.DELIBERATE] is StepState.CURRENT


TWINS = [
    ("枫林苑路灯不亮 东门路灯坏了一个多月，老人晚上出门容易摔跤", "小区东门路灯坏了很久没人修 晚上老人走路不安全"),
    ("希望开设老年人助餐点 独居老人做饭困难，提供午餐", "社区老年食堂 希望有平价的午餐，解决独居老人吃饭难"),
    ("电动车充电桩不够 楼道里飞线充电不安全，希望增设充电桩", "增设电动自行车充电棚 很多人拉线充电，希望建充电棚"),
]
STRANGERS = [
    ("枫林苑路灯不亮 东门路灯坏了一个多月", "希望开设老年人助餐点 独居老人做饭困难"),
    ("楼道堆物占用消防通道 邻居杂物堆在楼道", "暑期儿童托管班 双职工家庭孩子无人照看"),
]


@pytest.mark.parametrize(("first", "second"), TWINS)
def test_two_ways_of_saying_the_same_are_alike(first: str, second: str) -> None:
    assert likeness(bigrams(first), bigrams(second)) >= SIMILAR_FROM


@pytest.mark.parametrize(("first", "second"), STRANGERS)
def test_different_needs_are_not_alike(first: str, second: str) -> None:
    assert likeness(bigrams(first), bigrams(second)) < SIMILAR_FROM


def test_words_everybody_uses_do_not_count_as_likeness() -> None:
    assert bigrams("希望社区解决") == ""
    assert bigrams("ＬＥＤ 灯！") == "le ed d灯"
