"""Fund sources, kinds of account and of journal: the vocabulary of earmarked money (专款专用)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


class FundSource(StrEnum):
    """Where money comes from; sources never mix without a reallocation."""

    STREET = "street"
    DISTRICT = "district"
    LOTTERY = "lottery"
    DONATION = "donation"
    SELF_RAISED = "self_raised"


FUND_SOURCE_LABELS: dict[FundSource, Text] = {
    FundSource.STREET: _l("街道财政"),
    FundSource.DISTRICT: _l("区级财政"),
    FundSource.LOTTERY: _l("福彩公益金"),
    FundSource.DONATION: _l("社会捐赠"),
    FundSource.SELF_RAISED: _l("自筹"),
}


LOTTERY_MARK: Text = _l("彩票公益金资助—中国福利彩票")
"""What the places, goods and papers of every project paid with lottery money must show."""


def mark_of(source: FundSource) -> Text | None:
    """Return the words that what is paid from a source must carry, None where it needs none."""
    return LOTTERY_MARK if source is FundSource.LOTTERY else None


class AccountKind(StrEnum):
    """What the money in an account is for; all accounts of a fund sum to zero."""

    APPROPRIATION = "appropriation"
    POOL = "pool"
    ENVELOPE = "envelope"
    AVAILABLE = "available"
    RESERVED = "reserved"
    PAID = "paid"
    RETURNED = "returned"
    CARRIED_IN = "carried_in"
    CARRIED_OUT = "carried_out"


ACCOUNT_KIND_LABELS: dict[AccountKind, Text] = {
    AccountKind.APPROPRIATION: _l("预算拨入"),
    AccountKind.POOL: _l("待分配"),
    AccountKind.ENVELOPE: _l("类别额度"),
    AccountKind.AVAILABLE: _l("项目可用"),
    AccountKind.RESERVED: _l("在途审批"),
    AccountKind.PAID: _l("已拨付"),
    AccountKind.RETURNED: _l("已退回"),
    AccountKind.CARRIED_IN: _l("上年结转"),
    AccountKind.CARRIED_OUT: _l("结转下年"),
}

MAY_BE_NEGATIVE = frozenset({AccountKind.APPROPRIATION, AccountKind.CARRIED_IN})
"""What came in, by the budget or from the year before, is the other side of every fen: these alone run below zero."""


class JournalKind(StrEnum):
    """What happened to the money."""

    APPROPRIATE = "appropriate"
    ALLOCATE = "allocate"
    AWARD = "award"
    RESERVE = "reserve"
    RELEASE = "release"
    PAY = "pay"
    RETURN = "return"
    CARRY = "carry"
    REVERSE = "reverse"


JOURNAL_KIND_LABELS: dict[JournalKind, Text] = {
    JournalKind.APPROPRIATE: _l("预算下达"),
    JournalKind.ALLOCATE: _l("额度分配"),
    JournalKind.AWARD: _l("立项授予"),
    JournalKind.RESERVE: _l("申请冻结"),
    JournalKind.RELEASE: _l("解除冻结"),
    JournalKind.PAY: _l("拨付"),
    JournalKind.RETURN: _l("结余收回"),
    JournalKind.CARRY: _l("年度结转"),
    JournalKind.REVERSE: _l("红字冲销"),
}

ROUTES: dict[JournalKind, frozenset[tuple[AccountKind, AccountKind]]] = {
    JournalKind.APPROPRIATE: frozenset({(AccountKind.APPROPRIATION, AccountKind.POOL)}),
    JournalKind.ALLOCATE: frozenset(
        {(AccountKind.POOL, AccountKind.ENVELOPE), (AccountKind.ENVELOPE, AccountKind.POOL)}
    ),
    JournalKind.AWARD: frozenset({(AccountKind.ENVELOPE, AccountKind.AVAILABLE)}),
    JournalKind.RESERVE: frozenset({(AccountKind.AVAILABLE, AccountKind.RESERVED)}),
    JournalKind.RELEASE: frozenset({(AccountKind.RESERVED, AccountKind.AVAILABLE)}),
    JournalKind.PAY: frozenset({(AccountKind.RESERVED, AccountKind.PAID)}),
    JournalKind.RETURN: frozenset(
        {(AccountKind.AVAILABLE, AccountKind.RETURNED), (AccountKind.PAID, AccountKind.RETURNED)}
    ),
    JournalKind.CARRY: frozenset(
        {
            (AccountKind.POOL, AccountKind.CARRIED_OUT),
            (AccountKind.CARRIED_IN, AccountKind.POOL),
        }
    ),
}
"""From which account to which each kind of journal moves money; a reversal goes the way of its original, backwards."""

PROJECT_ACCOUNTS = (AccountKind.AVAILABLE, AccountKind.RESERVED, AccountKind.PAID, AccountKind.RETURNED)
"""The pockets of one project; together they hold what it was awarded."""


@dataclass(frozen=True)
class Pocket:
    """An account by its meaning: its kind, and the envelope or project it belongs to."""

    kind: AccountKind
    key: str = ""


@dataclass(frozen=True)
class Move:
    """An amount in 分 that goes from one pocket to another."""

    source: Pocket
    target: Pocket
    amount_fen: int


@dataclass(frozen=True)
class Posting:
    """Everything that makes a journal what it is; people by their ids, other journals by their numbers."""

    kind: JournalKind
    fund_ref: str
    move: Move
    maker: str
    checker: str
    payer: str
    document_hash: str
    memo: str
    reverses: int | None
    resolves: int | None

    @property
    def digest(self) -> str:
        """Return the hash of the content; a repeated request must bring the same."""
        source, target = self.move.source, self.move.target
        parts = [self.kind, self.fund_ref, source.kind, source.key, target.kind, target.key, self.move.amount_fen]
        parts += [self.maker, self.checker, self.payer, self.document_hash, self.memo, self.reverses, self.resolves]
        text = json.dumps([str(part) for part in parts], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def envelope_key(round_ref: str, category: str) -> str:
    """Return the key of the account that holds a round's money for one category."""
    return f"{round_ref}/{category}"


class ProposalKind(StrEnum):
    """What a proposal would do once a second person confirms it."""

    APPROPRIATE = "appropriate"
    ALLOCATE = "allocate"
    RECALL = "recall"
    RECOVER = "recover"
    REVERSE = "reverse"
    SETTLE = "settle"
    CARRY = "carry"


PROPOSAL_KIND_LABELS: dict[ProposalKind, Text] = {
    ProposalKind.APPROPRIATE: _l("预算下达"),
    ProposalKind.ALLOCATE: _l("额度分配"),
    ProposalKind.RECALL: _l("额度收回"),
    ProposalKind.RECOVER: _l("项目追回款"),
    ProposalKind.REVERSE: _l("红字冲销"),
    ProposalKind.SETTLE: _l("项目决算"),
    ProposalKind.CARRY: _l("年度结转"),
}


class ProposalStatus(StrEnum):
    """A proposal waits for a second person, who confirms or refuses it."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ProposalAction(StrEnum):
    """What can be done with a proposal."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


PROPOSAL_FLOW = Workflow(
    {
        (ProposalStatus.WAITING, ProposalAction.CONFIRM): ProposalStatus.CONFIRMED,
        (ProposalStatus.WAITING, ProposalAction.REFUSE): ProposalStatus.REFUSED,
        (ProposalStatus.WAITING, ProposalAction.WITHDRAW): ProposalStatus.WITHDRAWN,
    }
)

PROPOSAL_STATUS_LABELS: dict[ProposalStatus, Text] = {
    ProposalStatus.WAITING: _l("待复核"),
    ProposalStatus.CONFIRMED: _l("已复核入账"),
    ProposalStatus.REFUSED: _l("已退回"),
    ProposalStatus.WITHDRAWN: _l("已撤回"),
}


class EndCause(StrEnum):
    """How a project came to its end."""

    COMPLETED = "completed"
    OWN_FAULT = "own_fault"
    FORCE_MAJEURE = "force_majeure"


END_CAUSE_LABELS: dict[EndCause, Text] = {
    EndCause.COMPLETED: _l("履行完毕"),
    EndCause.OWN_FAULT: _l("终止（承接组织自身原因）"),
    EndCause.FORCE_MAJEURE: _l("终止（不可抗力或非承接组织原因）"),
}


@dataclass(frozen=True)
class Ending:
    """What a later stage knows of a project that has ended; sums of public money in 分.

    `accepted_fen` is the spending that finance accepted, `unchecked_count` the vouchers it has yet to look at, and
    `is_payable` tells that a tranche may still be asked for.
    """

    project_ref: str
    project_title: str
    agreement_ref: str
    organisation_id: UUID
    organisation_name: str
    cause: EndCause
    ended_on: date
    accepted_fen: int
    unchecked_count: int = 0
    is_payable: bool = False


def least_recovery(paid_fen: int, accepted_fen: int) -> int:
    """Return what the organisation pays back at least: what it was paid and cannot prove, in 分."""
    return max(0, paid_fen - accepted_fen)


def is_recovery_fair(cause: EndCause, recover_fen: int, paid_fen: int, accepted_fen: int) -> bool:
    """Tell whether an amount may be claimed: what is not proven, and up to all that was paid where it is at fault."""
    least = least_recovery(paid_fen, accepted_fen)
    return least <= recover_fen <= paid_fen if cause is EndCause.OWN_FAULT else recover_fen == least


@dataclass(frozen=True)
class CarryRule:
    """What of a source's money may go to the next year.

    `repeats`: what came from the year before may go on once more.
    """

    repeats: bool
    words: Text


_FISCAL = CarryRule(
    False, _l("当年没有分配的资金可结转下一年继续使用；结转一年后仍未用完的，以及项目退回的结余，交回财政。")
)
CARRY_RULES: dict[FundSource, CarryRule | None] = {
    FundSource.STREET: _FISCAL,
    FundSource.DISTRICT: _FISCAL,
    FundSource.LOTTERY: CarryRule(
        False, _l("没有分配的资金可结转下一年，用途不变；结转一年后仍未用完的，以及项目退回的结余，交回财政。")
    ),
    FundSource.DONATION: CarryRule(True, _l("按捐赠意愿使用，没有分配的资金逐年结转；项目退回的结余按捐赠协议处理。")),
    FundSource.SELF_RAISED: None,
}
"""By source; None where nothing is carried over: what an organisation raised itself stays with it."""


CARRY_OUT = "/out"
"""Follows the request a carry-over comes in with, in the journal that takes the same money out of the year before."""


def carried_share(
    rule: CarryRule, pool_fen: int, carried_in_fen: int, other_in_fen: int, carried_out_fen: int = 0
) -> int:
    """Return what of the pool may go to the next year, in 分.

    Money of the year before counts as used first, so where it may not go on twice, what is left of it stays behind.
    What has gone on already (`carried_out_fen`) was fresh money, and uses up nothing of the old.
    """
    if rule.repeats:
        return pool_fen
    used_fen = carried_in_fen + other_in_fen - pool_fen - carried_out_fen
    return pool_fen - max(0, carried_in_fen - used_fen)


FISCAL_SOURCES = frozenset({FundSource.STREET, FundSource.DISTRICT, FundSource.LOTTERY})
"""Public money; what comes from anywhere else is money of society."""


class ContributionKind(StrEnum):
    """In what way society adds to a project; none of it ever enters the ledger of public money."""

    DONATION = "donation"
    SELF_RAISED = "self_raised"
    MATCHING = "matching"
    IN_KIND = "in_kind"


CONTRIBUTION_KIND_LABELS: dict[ContributionKind, Text] = {
    ContributionKind.DONATION: _l("社会捐赠"),
    ContributionKind.SELF_RAISED: _l("组织自筹"),
    ContributionKind.MATCHING: _l("配捐配套"),
    ContributionKind.IN_KIND: _l("实物折价"),
}


CONTRIBUTION_STATUS_LABELS: dict[ProposalStatus, Text] = {
    ProposalStatus.WAITING: _l("待确认"),
    ProposalStatus.CONFIRMED: _l("已确认"),
    ProposalStatus.REFUSED: _l("已退回"),
    ProposalStatus.WITHDRAWN: _l("已撤回"),
}


@dataclass(frozen=True)
class Home:
    """What a later stage knows of a project with an agreement; `promised_fen` is the social money agreed on, in 分."""

    project_ref: str
    project_title: str
    round_ref: str
    round_label: str
    organisation_id: UUID
    organisation_name: str
    promised_fen: int


def leverage(social_fen: int, fiscal_fen: int) -> float | None:
    """Return how many 元 of society stand beside one of public money (撬动比), None without public money."""
    return round(social_fen / fiscal_fen, 4) if fiscal_fen > 0 else None
