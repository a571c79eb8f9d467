"""What a returned request must correct: the usual faults, each with the part of the request it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from grants.foundation.i18n import Text, _, _l

MOST_ITEMS = 20


class ItemKind(StrEnum):
    """The part of a request, or of the papers around it, that is not in order."""

    INVOICE = "invoice"
    PURPOSE = "purpose"
    AMOUNT = "amount"
    VOUCHER = "voucher"
    MATERIAL = "material"
    ACCOUNT = "account"
    OTHER = "other"


ITEM_KIND_LABELS: dict[ItemKind, Text] = {
    ItemKind.INVOICE: _l("发票或收据"),
    ItemKind.PURPOSE: _l("款项用途"),
    ItemKind.AMOUNT: _l("申请金额"),
    ItemKind.VOUCHER: _l("支出票据"),
    ItemKind.MATERIAL: _l("项目材料"),
    ItemKind.ACCOUNT: _l("收款账户"),
    ItemKind.OTHER: _l("其他"),
}
USUAL_FAULTS: dict[str, tuple[ItemKind, Text]] = {
    "invoice_head": (ItemKind.INVOICE, _l("发票抬头与付款单位不一致，请重新开具。")),
    "invoice_sum": (ItemKind.INVOICE, _l("发票金额与本期申请金额不一致，请更换。")),
    "invoice_seal": (ItemKind.INVOICE, _l("发票或收据没有盖章，或扫描件不清晰，请重新上传。")),
    "purpose_vague": (ItemKind.PURPOSE, _l("款项用途过于笼统，请按预算科目写明用途。")),
    "amount_changed": (ItemKind.AMOUNT, _l("可拨金额已有变化，请按最新金额重新申请。")),
    "voucher_missing": (ItemKind.VOUCHER, _l("前期支出票据登记不全，请补登并上传扫描件。")),
    "material_missing": (ItemKind.MATERIAL, _l("活动记录、签到或照片不全，请补齐。")),
}
"""What offices send back most often; ticked instead of typed."""


@dataclass(frozen=True)
class Correction:
    """One thing to correct, as the office wrote it."""

    kind: ItemKind
    text: str


def ticked(code: str) -> Correction:
    """Return a usual fault as something to correct; raises KeyError for an unknown one."""
    kind, text = USUAL_FAULTS[code]
    return Correction(kind, str(text))


def list_words(items: Sequence[Correction]) -> str:
    """Return the list in one text, numbered, as notices and records quote it."""
    return "\n".join(
        _(
            "%(number)s. %(kind)s：%(text)s",
            number=number,
            kind=ITEM_KIND_LABELS[item.kind],
            text=item.text,
        )
        for number, item in enumerate(items, start=1)
    )


def why_not_listed(items: Sequence[Correction]) -> str | None:
    """Say what is wrong with a list of corrections: none, too many, or the same one twice."""
    if not items:
        return _("请勾选或写明至少一项需要补正的内容。")
    if len(items) > MOST_ITEMS:
        return _("一次最多列 %(count)s 项，请合并同类内容。", count=MOST_ITEMS)
    texts = [item.text for item in items]
    twice = next((text for text in texts if texts.count(text) > 1), None)
    return _("“%(text)s”列了两次。", text=twice) if twice else None
