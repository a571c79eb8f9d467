"""Fund sources, kinds of account and of journal: the vocabulary of earmarked money (专款专用)."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l


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


class AccountKind(StrEnum):
    """What the money in an account is for; all accounts of a fund sum to zero."""

    APPROPRIATION = "appropriation"
    POOL = "pool"
    ENVELOPE = "envelope"
    AVAILABLE = "available"
    RESERVED = "reserved"
    PAID = "paid"
    RETURNED = "returned"


ACCOUNT_KIND_LABELS: dict[AccountKind, Text] = {
    AccountKind.APPROPRIATION: _l("预算拨入"),
    AccountKind.POOL: _l("待分配"),
    AccountKind.ENVELOPE: _l("类别额度"),
    AccountKind.AVAILABLE: _l("项目可用"),
    AccountKind.RESERVED: _l("在途审批"),
    AccountKind.PAID: _l("已拨付"),
    AccountKind.RETURNED: _l("已退回"),
}

MAY_BE_NEGATIVE = frozenset({AccountKind.APPROPRIATION})
"""The appropriation is the other side of every fen that came in, so it alone runs below zero."""


class JournalKind(StrEnum):
    """What happened to the money."""

    APPROPRIATE = "appropriate"
    ALLOCATE = "allocate"
    AWARD = "award"
    RESERVE = "reserve"
    RELEASE = "release"
    PAY = "pay"
    RETURN = "return"
    REVERSE = "reverse"


JOURNAL_KIND_LABELS: dict[JournalKind, Text] = {
    JournalKind.APPROPRIATE: _l("预算下达"),
    JournalKind.ALLOCATE: _l("额度分配"),
    JournalKind.AWARD: _l("立项授予"),
    JournalKind.RESERVE: _l("申请冻结"),
    JournalKind.RELEASE: _l("解除冻结"),
    JournalKind.PAY: _l("拨付"),
    JournalKind.RETURN: _l("结余收回"),
    JournalKind.REVERSE: _l("红字冲销"),
}
