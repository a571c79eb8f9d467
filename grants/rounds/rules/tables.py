"""The score tables a round starts with: code, group, name and points; each sums to 100."""

SELECTION_TABLE: tuple[tuple[str, str, str, int], ...] = (
    ("need_votes", "需求契合度", "需求真实与居民票数", 10),
    ("need_urgency", "需求契合度", "迫切与覆盖弱势群体", 10),
    ("plan_targets", "项目方案", "目标与指标可衡量", 10),
    ("plan_activities", "项目方案", "活动与进度可行", 10),
    ("plan_risk", "项目方案", "风险与安全", 5),
    ("effect_people", "预期成效", "受益人数与人次", 8),
    ("effect_social", "预期成效", "社会效益与满意度目标", 7),
    ("team_organisation", "团队与机构能力", "机构资质信用业绩", 7),
    ("team_professional", "团队与机构能力", "专业团队（社工证）", 8),
    ("budget_basis", "预算合理性", "测算依据", 8),
    ("budget_structure", "预算合理性", "结构合规", 4),
    ("budget_leverage", "预算合理性", "配套撬动", 3),
    ("public_sustain", "公益性·创新性·区域性", "五社联动与自治可持续", 5),
    ("public_innovation", "公益性·创新性·区域性", "创新与区域特色", 5),
)

JURY_TABLE: tuple[tuple[str, str, str, int], ...] = (
    ("jury_need", "居民评审", "是不是我们真正需要的", 40),
    ("jury_trust", "居民评审", "是否相信他们能做好", 30),
    ("jury_join", "居民评审", "是否愿意参加、能否长久", 30),
)

MIDTERM_TABLE: tuple[tuple[str, str, str, int], ...] = (
    ("midterm_schedule", "实施进度", "活动场次与进度", 20),
    ("midterm_people", "实施进度", "受益人数与人次", 15),
    ("midterm_team", "投入与团队", "团队与物资到位", 15),
    ("midterm_execution", "财务管理", "资金执行与票据", 15),
    ("midterm_earmarked", "财务管理", "专款专用", 10),
    ("midterm_effect", "阶段成效", "阶段成效与需求回应", 15),
    ("midterm_voice", "阶段成效", "居民满意度", 10),
)

FINAL_TABLE: tuple[tuple[str, str, str, int], ...] = (
    ("done_activities", "项目完成度", "活动场次", 8),
    ("done_people", "项目完成度", "受益人数与人次", 8),
    ("done_schedule", "项目完成度", "进度", 4),
    ("done_quality", "项目完成度", "质量达标", 5),
    ("effect_change", "服务成效", "目标群体改变", 8),
    ("effect_need", "服务成效", "需求回应", 7),
    ("effect_senses", "服务成效", "获得感、幸福感、安全感", 5),
    ("voice_survey", "居民满意度", "问卷满意率", 12),
    ("voice_jury", "居民满意度", "居民评审团", 5),
    ("voice_complaints", "居民满意度", "投诉处理", 3),
    ("money_execution", "财务管理", "预算执行率", 6),
    ("money_earmarked", "财务管理", "合规与专款专用", 8),
    ("money_vouchers", "财务管理", "票据档案", 4),
    ("money_efficiency", "财务管理", "成本效率", 2),
    ("manage_team", "组织管理", "团队与专业", 3),
    ("manage_safety", "组织管理", "制度与安全", 2),
    ("manage_files", "组织管理", "档案", 3),
    ("future_links", "创新与可持续", "五社联动与自治", 3),
    ("future_leverage", "创新与可持续", "撬动社会资源", 2),
    ("future_publicity", "创新与可持续", "宣传推广", 2),
)
