"""The department's evaluation of a round: decision 15, process 25, output 30, effect 30 points (domain §9c)."""

DEPARTMENT_TABLE: dict[str, tuple[str, str, str, int]] = {
    "basis": ("决策", "项目立项", "立项依据充分性", 4),
    "procedure": ("决策", "项目立项", "立项程序规范性", 4),
    "goals": ("决策", "绩效目标", "绩效目标合理性", 2),
    "indicators": ("决策", "绩效目标", "绩效指标明确性", 2),
    "budgeting": ("决策", "资金投入", "预算编制科学性", 2),
    "allocation": ("决策", "资金投入", "资金分配合理性", 1),
    "funded": ("过程", "资金管理", "资金到位率", 5),
    "executed": ("过程", "资金管理", "预算执行率", 5),
    "compliance": ("过程", "资金管理", "资金使用合规性", 6),
    "rules": ("过程", "组织实施", "管理制度健全性", 4),
    "enforcement": ("过程", "组织实施", "制度执行有效性", 5),
    "completion": ("产出", "产出数量", "实际完成率", 10),
    "quality": ("产出", "产出质量", "质量达标率", 8),
    "timeliness": ("产出", "产出时效", "完成及时性", 6),
    "saving": ("产出", "产出成本", "成本节约率", 6),
    "impact": ("效益", "项目效益", "实施效益", 15),
    "satisfaction": ("效益", "满意度", "服务对象满意度", 15),
}
"""By code: class, group, name and full points, in the order of print. The words are those of the ministry's form."""

CODE_OF_NAME = {name: code for code, (_class, _group, name, _most) in DEPARTMENT_TABLE.items()}
