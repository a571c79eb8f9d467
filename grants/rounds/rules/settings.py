"""What a round decides for itself: default numbers, their meaning, and what makes them wrong."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from grants.foundation.i18n import Text, _, _l

DEFAULT_SETTINGS: dict[str, Any] = {
    "notice_working_days": 5,
    "need_support_threshold": 10,
    "poll_max_choices": 3,
    "tranche_percents": [50, 40, 10],
    "tranche_spend_threshold_percent": 80,
    "selection_weights": {"expert": 60, "jury": 30, "community": 10},
    "selection_pass_score": 60,
    "panel_size": 5,
    "jury_size": 20,
    "deviation_percent": 20,
    "applications_per_organisation": 2,
    "survey_minimum": 30,
    "survey_percent": 20,
    "survey_checks": 5,
    "satisfaction_target": 90,
    "budget_caps_percent": {"02": 20, "03": 15, "04": 30, "05": 10, "06": 10, "07": 10, "09": 10, "10": 6, "11": 5},
    "dispute_against_ratio_percent": 33,
    "meeting_quorum_percent": 50,
    "midterm_pass_score": 60,
    "midterm_report_days": 28,
    "midterm_bonus_limit": 10,
    "evaluation_objection_days": 5,
    "veto_satisfaction_percent": 60,
    "band_table": "project",
    "grade_bands": {"excellent": 90, "good": 80, "pass": 60},
    "sealed_until_deadline": False,
    "is_rehearsal": False,
    "office_meeting_threshold_fen": 5_000_000,
    "voucher_negative_list": [
        "香烟",
        "白酒",
        "红酒",
        "啤酒",
        "公务接待",
        "礼金",
        "红包",
        "购物卡",
        "罚款",
        "滞纳金",
        "偿还债务",
        "出国",
        "购车",
        "基建",
        "楼堂馆所",
    ],
    "step_working_days": {"community": 3, "programme": 5, "finance": 3, "leader": 3, "pay": 5},
}
"""Defaults from practice; a round keeps its own copy, frozen when it opens."""

NUMBER_SETTINGS: dict[str, tuple[Text, Text, int, int]] = {
    "notice_working_days": (_l("公示期"), _l("个工作日"), 5, 30),
    "need_support_threshold": (_l("需求进入议事所需附议"), _l("人"), 1, 10_000),
    "meeting_quorum_percent": (_l("议事会议到会比例不低于"), _l("%"), 1, 100),
    "dispute_against_ratio_percent": (_l("反对达到此比例即视为存在较大争议"), _l("%"), 1, 100),
    "poll_max_choices": (_l("每位居民最多可选"), _l("项"), 1, 50),
    "applications_per_organisation": (_l("每家组织最多申报"), _l("个"), 1, 20),
    "panel_size": (_l("专家评审人数"), _l("人"), 5, 7),
    "jury_size": (_l("居民评审团人数"), _l("人"), 5, 100),
    "selection_pass_score": (_l("评审合格线"), _l("分"), 1, 100),
    "deviation_percent": (_l("专家评分偏离平均超过此比例须说明理由"), _l("%"), 1, 100),
    "tranche_spend_threshold_percent": (_l("申请下一期拨付前，前期资金执行率不低于"), _l("%"), 0, 100),
    "survey_minimum": (_l("结项前居民评价不少于"), _l("份"), 1, 10_000),
    "survey_percent": (_l("居民评价不少于直接受益人数的"), _l("%"), 0, 100),
    "survey_checks": (_l("电话复核答卷不少于"), _l("份"), 0, 100),
    "satisfaction_target": (_l("满意率目标"), _l("%"), 1, 100),
    "midterm_pass_score": (_l("中期评估合格线"), _l("分"), 1, 100),
    "midterm_report_days": (_l("中期自评报送期限"), _l("天"), 7, 60),
    "midterm_bonus_limit": (_l("中期评估加分、扣分各不超过"), _l("分"), 0, 20),
    "evaluation_objection_days": (_l("评价结果异议期"), _l("个工作日"), 5, 7),
    "veto_satisfaction_percent": (_l("满意率低于此比例一票否决"), _l("%"), 0, 90),
}
"""Settings that are one number: name, unit, least and most."""

STEP_LABELS: dict[str, Text] = {
    "community": _l("社区居委会核实"),
    "programme": _l("社区建设部审核"),
    "finance": _l("街道财政审核"),
    "leader": _l("分管领导审批"),
    "pay": _l("支付"),
}
WEIGHT_LABELS: dict[str, Text] = {"expert": _l("专家评审"), "jury": _l("居民评审"), "community": _l("社区评价")}
BAND_TABLE_LABELS: dict[str, Text] = {
    "project": _l("优秀、良好、合格、不合格"),
    "fiscal": _l("优、良、中、差"),
    "letters": _l("A、B、C 三等（不设“良好”线）"),
}
BAND_LABELS: dict[str, Text] = {"excellent": _l("优秀"), "good": _l("良好"), "pass": _l("合格")}
LEAST_LAST_TRANCHE = 10
"""The last tranche is at least a tenth, so that there is something to hold back until the end (domain §7)."""


def setting_faults(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong with a round's settings as (setting, sentence); an empty list if all is well."""
    faults = [
        (key, _("%(name)s应在 %(least)s 到 %(most)s 之间。", name=name, least=least, most=most))
        for key, (name, _unit, least, most) in NUMBER_SETTINGS.items()
        if not least <= settings.get(key, DEFAULT_SETTINGS[key]) <= most
    ]
    if settings["panel_size"] % 2 == 0:
        faults.append(("panel_size", _("专家评审人数应为单数。")))
    return faults + _share_faults(settings)


def _share_faults(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    faults = []
    weights, tranches, bands = settings["selection_weights"], settings["tranche_percents"], settings["grade_bands"]
    if sum(weights.values()) != 100 or min(weights.values()) < 0:
        faults.append(("selection_weights", _("专家、居民和社区的权重合计应为 100。")))
    if weights["jury"] + weights["community"] <= 0:
        faults.append(("selection_weights", _("遴选须有居民参与，居民评审和社区评价的权重不能都为零。")))
    if sum(tranches) != 100 or min(tranches, default=0) <= 0:
        faults.append(("tranche_percents", _("各期拨付比例都应大于零，合计 100。")))
    elif tranches[-1] < LEAST_LAST_TRANCHE:
        faults.append(("tranche_percents", _("尾款不低于 %(least)s%%。", least=LEAST_LAST_TRANCHE)))
    if not 100 >= bands["excellent"] > bands["good"] > bands["pass"] > 0:
        faults.append(("grade_bands", _("等级分数线应依次降低：优秀、良好、合格。")))
    if min(settings["step_working_days"].values()) < 1:
        faults.append(("step_working_days", _("每个审批环节至少一个工作日。")))
    return faults


def canonical(rules: Mapping[str, Any]) -> str:
    """Return the one way a round's rules are written down: anyone who hashes this text gets the published hash."""
    return json.dumps(rules, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def rules_hash(text: str) -> str:
    """Return the SHA-256 of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()
