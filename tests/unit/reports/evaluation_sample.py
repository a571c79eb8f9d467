"""A made-up but plausible project, complete enough to print a whole evaluation report."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from reports.data.common import Answers, Signatory, Stamp
from reports.data.project_evaluation import (
    ActivityRow,
    BudgetRow,
    FindingRow,
    FundingRow,
    MethodRow,
    MilestoneRow,
    NeedLink,
    PartnerRow,
    ProjectEvaluation,
    Quote,
    RatioRow,
    ScoreRow,
    SenseRow,
    StepRecord,
    SurveyResult,
    TargetRow,
    TrancheRow,
)

D = Decimal


def stamp(**changes: Any) -> Stamp:
    """Return the stamp of an approved paper."""
    return replace(
        Stamp(
            number="PG-2026-03-0007",
            check_code="7K3M-9QXA",
            verify_url="https://grants.example.cn/verify/7K3M-9QXA",
            data_cutoff_at=datetime(2026, 12, 20, 10, 0, tzinfo=UTC),
            generated_at=datetime(2026, 12, 22, 1, 30, tzinfo=UTC),
            issuer="梧桐街道办事处",
            department="社区建设部",
            is_draft=False,
            signatories=(
                Signatory("编制", "周敏", date(2026, 12, 22)),
                Signatory("审核", "陈立新", date(2026, 12, 23)),
                Signatory("审批"),
            ),
        ),
        **changes,
    )


def evaluation(**changes: Any) -> ProjectEvaluation:
    """Return the report's data; `changes` replace whole fields."""
    return replace(_EVALUATION, **changes)


_PLACES = ("兰亭社区党群服务中心", "兰亭花园3号楼架空层", "银杏里老年活动室", "兰亭社区食堂")
_THEMES = (
    "独居老人入户探访",
    "“银龄健康课堂”慢病管理讲座",
    "智能手机使用小组",
    "邻里助餐志愿服务",
    "居家适老安全隐患排查",
    "“祖孙一堂”代际手工坊",
    "义诊与血压血糖监测",
    "楼栋议事茶话会",
)


def _activities() -> tuple[ActivityRow, ...]:
    rows = []
    for index in range(32):
        rows.append(
            ActivityRow(
                held_on=date(2026, 3, 12) + timedelta(days=8 * index),
                title=f"{_THEMES[index % 8]}（第{index // 8 + 1}期）",
                place=_PLACES[index % 4],
                attendance_count=28 + (index * 17) % 41,
                volunteer_hours=D(6 + (index * 5) % 9) + D("0.5") * (index % 2),
                evidence="签到表、照片" + ("、简报" if index % 3 == 0 else ""),
            )
        )
    return tuple(rows)


_EVALUATION = ProjectEvaluation(
    stamp=stamp(),
    round_name="梧桐街道2026年度（第三届）公益创投",
    reference="GYCT-2026-03-0007",
    name="“银龄相伴”独居老人关爱服务项目",
    category="专业服务类",
    community="兰亭社区",
    implementer="梧桐街道馨语社会工作服务中心",
    payee="梧桐街道馨语社会工作服务中心",
    leader="刘龑",
    agreement_number="梧街社建协〔2026〕7号",
    period_start_on=date(2026, 3, 1),
    period_end_on=date(2026, 11, 30),
    background=(
        "兰亭社区常住人口7,812人，60岁以上2,164人，占27.7%，其中独居老人143人，多数居住在建成二十年以上、"
        "没有电梯的老旧小区。2025年10月至11月的需求征集中，居民通过线上、热线、窗口和入户登记等渠道反映独居老人"
        "“无人照看、看病不便、用餐困难、不会使用智能手机”等问题27条，合并为3项需求。\n"
        "经两委审事、民主议事和居民投票，上述需求列入街道《第三届公益创投需求指引表》，并据此立项。"
    ),
    goal="为兰亭社区独居老人建立“一人一档、每周一访、遇急必应”的关爱机制，使服务对象的安全感和社会参与明显提高。",
    content="项目包括定期探访、健康管理、助餐互助、数字生活教学和楼栋议事五项服务，由专业社工带领、居民志愿者结对实施。",
    target_group="兰亭社区60岁以上独居老人，优先服务高龄、失能、失独和低保老人。",
    beneficiary_count=156,
    volunteer_count=48,
    needs=(
        NeedLink("XQ-03-兰亭-012", "独居老人需要定期上门看望", date(2025, 10, 12), 86, 412),
        NeedLink("XQ-03-兰亭-019", "老年人不会用手机挂号和缴费", date(2025, 10, 21), 53, 287),
        NeedLink("XQ-03-兰亭-031", "高龄老人中午吃饭困难", date(2025, 11, 3), 64, 335),
    ),
    steps=(
        StepRecord("百姓提事", date(2025, 11, 15), "居民提出相关需求27条，其中线下代填11条", 203),
        StepRecord("两委审事", date(2025, 11, 24), "社区两委审核需求，合并重复，标注“服务”类并公示理由", 9),
        StepRecord("民主议事", date(2025, 12, 6), "召开居民议事会，讨论服务方式、对象顺序与预算上限", 46),
        StepRecord("集中定事", date(2025, 12, 28), "居民投票与评审团打分，确定立项和执行机构", 634),
        StepRecord("协同办事", date(2026, 11, 28), "48名居民志愿者结对服务，6名居民监督员巡查9次", 54),
        StepRecord("主动公示", date(2026, 12, 18), "公开活动、资金与评估结果，公示期5个工作日，无异议", None),
    ),
    evaluation_start_on=date(2026, 12, 1),
    evaluation_end_on=date(2026, 12, 18),
    evaluators=(
        "评估组由社会工作专家2名、财务专家1名、居民评审团成员20名和居务监督委员会代表1名组成，"
        "成员均签署回避声明，与执行机构没有利害关系。"
    ),
    methods=(
        MethodRow("资料核查", "协议、月报、活动记录、签到表、照片、会议纪要等过程档案", 186, "份"),
        MethodRow("财务核查", "预算表、收支明细、记账凭证与原始凭证逐笔核对", 94, "笔"),
        MethodRow("现场走访", "服务场地、活动现场和物资存放情况", 4, "处"),
        MethodRow("问卷调查", "面向实际服务对象，由居民监督员协助高龄老人填写", 112, "份"),
        MethodRow("电话复核", "对问卷随机抽取，核实本人是否参加活动和填写意见", 12, "人"),
        MethodRow("座谈访谈", "服务对象、志愿者、楼组长和社区工作者", 18, "人"),
    ),
    limitations=(
        "部分高龄老人由家属或志愿者协助作答，满意度可能略有高估；健康改善情况以服务对象自述和血压监测记录为依据，"
        "未作医学评价。上述局限不影响总体结论。"
    ),
    targets=(
        TargetRow("产出·数量", "开展服务活动", "场", D(30), D(32), "活动记录32份"),
        TargetRow("产出·数量", "直接受益人数", "人", D(140), D(156), "服务对象名册"),
        TargetRow("产出·数量", "服务人次", "人次", D(1500), D(1528), "签到表逐场汇总"),
        TargetRow("产出·质量", "探访记录完整率", "%", D(95), D("97.2"), "抽查探访记录72份"),
        TargetRow(
            "产出·时效", "每月10日前提交月报", "次", D(9), D(8), "月报提交记录", "7月因负责人住院迟交3日，已报备"
        ),
        TargetRow("产出·成本", "人均服务成本", "元", D(560), D("514.22"), "支出除以直接受益人数", is_lower_better=True),
        TargetRow("效益·社会", "掌握手机挂号和缴费的老人", "人", D(60), D(71), "小组结业测评"),
        TargetRow("效益·可持续", "培育楼栋互助小组", "个", D(6), D(6), "小组名单和公约"),
        TargetRow("满意度", "服务对象满意率", "%", D(90), D("94.6"), "有效问卷112份"),
    ),
    milestones=(
        MilestoneRow("完成服务对象摸底建档（一人一档）", date(2026, 3, 31), date(2026, 3, 27)),
        MilestoneRow("中期：开展活动不少于15场，通过中期评估", date(2026, 7, 15), date(2026, 7, 13)),
        MilestoneRow("6个楼栋互助小组全部成立", date(2026, 9, 30), date(2026, 10, 8)),
        MilestoneRow("完成全部活动并提交末期自评报告", date(2026, 12, 5), date(2026, 12, 5)),
    ),
    activities=_activities(),
    budget=(
        BudgetRow("01", "活动物资费", 2_180_000, 0, 2_098_650),
        BudgetRow("02", "专家/讲师费", 1_200_000, -100_000, 1_100_000),
        BudgetRow("03", "志愿者补贴", 960_000, 100_000, 1_060_000),
        BudgetRow("04", "人员费（项目人员补贴）", 2_400_000, 0, 2_400_000),
        BudgetRow("05", "场地及设备租赁费", 300_000, 0, 268_000),
        BudgetRow("06", "宣传费", 420_000, 0, 395_520),
        BudgetRow("07", "交通费/餐费", 360_000, 0, 351_230),
        BudgetRow("08", "保险费", 120_000, 0, 118_400),
        BudgetRow("09", "管理费", 260_000, 0, 230_032),
    ),
    funding=(
        FundingRow("街道财政", True, 6_000_000, 6_000_000, 5_821_832),
        FundingRow("福彩公益金", True, 1_000_000, 1_000_000, 1_000_000),
        FundingRow("社会捐赠", False, 800_000, 800_000, 800_000),
        FundingRow("机构自筹", False, 400_000, 400_000, 400_000),
    ),
    tranches=(
        TrancheRow("首期", "签订协议、账户核验、提交收据", 3_500_000, date(2026, 3, 10), 3_500_000, "BF-2026-0031"),
        TrancheRow(
            "中期", "中期评估合格，首期执行率不低于80%", 2_800_000, date(2026, 7, 28), 2_800_000, "BF-2026-0088"
        ),
        TrancheRow(
            "尾款", "末期评估合格，专项审计通过，档案齐全", 700_000, date(2026, 12, 21), 700_000, "BF-2026-0142"
        ),
    ),
    ratios=(
        RatioRow("人均成本", "支出÷直接受益人数", "元/人", D("514.22"), D("548.60")),
        RatioRow("人次成本", "支出÷服务人次", "元/人次", D("52.50"), D("58.14")),
        RatioRow("场均成本", "支出÷活动场次", "元/场", D("2506.82"), D("2730.00")),
        RatioRow("每万元受益人次", "服务人次÷支出（万元）", "人次", D("190.48"), D("171.90")),
        RatioRow("人员费占比", "人员费÷支出", "%", D("29.92"), D("31.00")),
        RatioRow("社会资金撬动比", "社会资金÷财政资金", "", D("0.17"), D("0.21")),
        RatioRow("需求响应时长", "提出需求至项目启动", "天", D("140"), None, 0),
    ),
    survey=SurveyResult(
        issued_count=120,
        returned_count=115,
        answers=Answers((68, 38, 5, 1, 0)),
        senses=(
            SenseRow("获得感", Answers((62, 42, 7, 1, 0))),
            SenseRow("幸福感", Answers((65, 38, 8, 1, 0))),
            SenseRow("安全感", Answers((74, 33, 4, 1, 0))),
        ),
        rechecked_count=12,
        quotes=(
            Quote("以前一个星期也没人敲门，现在小王每周二准来，我心里踏实。", "李*，81岁，兰亭花园居民"),
            Quote("学会了手机挂号，不用再麻烦邻居半夜去排队了。", "赵**，72岁，银杏里居民"),
        ),
    ),
    complaint_count=2,
    complaint_closed_count=2,
    findings=(
        FindingRow(
            date(2026, 5, 19),
            "居民监督员",
            "助餐服务有2次迟到超过30分钟",
            "一般",
            date(2026, 6, 3),
            date(2026, 5, 28),
            "调整送餐路线，增设备班志愿者",
        ),
        FindingRow(
            date(2026, 8, 11),
            "财务抽查",
            "3张餐费票据缺少就餐人员名单",
            "一般",
            date(2026, 8, 26),
            date(2026, 8, 20),
            "补齐名单并完善报销制度",
        ),
    ),
    partners=(
        PartnerRow("社区建设", 4, "社区两委牵头建立“周调度”机制，提供活动场地4处。"),
        PartnerRow("社会工作", 5, "4名持证社工全程带领，完成个案服务16例、小组服务4个。"),
        PartnerRow("社会组织", 4, "联合社区银发互助会等3家备案社区社会组织共同实施。"),
        PartnerRow("社会资本", 3, "引入社会捐赠8,000元，辖区药店提供义诊物资。"),
        PartnerRow("社区居民自治", 5, "成立楼栋互助小组6个，制定互助公约并由居民自主轮值。"),
    ),
    scores=(
        ScoreRow("项目完成度", "活动场次", D(8), D(8), "完成32场，计划30场"),
        ScoreRow("项目完成度", "受益人数与人次", D(8), D("7.8"), "156人、1,528人次，抽查发现重复签到3人次"),
        ScoreRow("项目完成度", "进度", D(4), D("3.5"), "1项里程碑延后8天"),
        ScoreRow("项目完成度", "质量达标", D(5), D("4.8"), "探访记录完整率97.2%"),
        ScoreRow("服务成效", "目标群体改变", D(8), D("7.4"), "71名老人掌握手机挂号，紧急情况处置5起"),
        ScoreRow("服务成效", "需求回应", D(7), D("6.6"), "回应全部3项需求，午餐覆盖尚有12户未纳入"),
        ScoreRow("服务成效", "“三感”", D(5), D("4.6"), "获得感92.9%、幸福感92.0%、安全感95.5%"),
        ScoreRow("居民满意度", "问卷满意率", D(12), D("11.4"), "满意率94.6%"),
        ScoreRow("居民满意度", "居民评审团", D(5), D("4.5"), "20名成员平均90.4分"),
        ScoreRow("居民满意度", "投诉处理", D(3), D(3), "2件全部按期办结并回访"),
        ScoreRow("财务管理", "预算执行率", D(6), D("5.9"), "执行率97.8%"),
        ScoreRow("财务管理", "合规与专款专用", D(8), D("7.5"), "单独核算；3张票据附件不全，已整改"),
        ScoreRow("财务管理", "票据与档案", D(4), D("3.6"), "凭证齐全，装订规范"),
        ScoreRow("财务管理", "成本效率", D(2), D("1.9"), "人均成本低于同类中位数"),
        ScoreRow("组织管理", "团队与专业", D(3), D(3), "持证社工4名，分工明确"),
        ScoreRow("组织管理", "制度与安全", D(2), D("1.8"), "应急预案完备，保险足额"),
        ScoreRow("组织管理", "档案", D(3), D("2.6"), "1份月报迟交"),
        ScoreRow("创新与可持续·社会影响", "五社联动与居民自治", D(3), D("2.7"), "互助小组可自主运行"),
        ScoreRow("创新与可持续·社会影响", "资源撬动", D(2), D("1.4"), "撬动比0.17，低于同类中位数"),
        ScoreRow("创新与可持续·社会影响", "宣传推广", D(2), D("1.7"), "媒体报道3篇，案例入选街道案例集"),
    ),
    grade="优秀",
    grade_bands="90分及以上为优秀，80—89.99分为良好，60—79.99分为合格，60分以下为不合格",
    vetoes=(),
    achievements=(
        "以需求定服务。项目内容与居民投票排序前列的需求一一对应，服务对象名单由楼组长和居民共同核定。",
        "以结对建机制。志愿者与独居老人固定结对，探访记录当日上传，异常情况2小时内响应。",
        "以自治促长效。6个楼栋互助小组在项目结束后继续轮值，形成可复制的互助公约。",
    ),
    problems=(
        "助餐覆盖仍有缺口，12户行动不便的老人尚未纳入配送范围。",
        "社会资金来源较单一，撬动比低于同类项目中位数。",
        "月报提交和票据附件管理不够及时，内部复核制度有待完善。",
    ),
    recommendations=(
        "建议将助餐需求转入下一届需求指引表，与社区食堂运营方共同设计配送方案。",
        "建议执行机构联系辖区企业和慈善组织，扩大社会资金来源。",
        "建议社区居委会把楼栋互助小组纳入备案管理，提供场地和培训支持。",
    ),
    conclusion=(
        "评估组认为，项目紧扣居民需求，目标总体完成，资金使用规范，服务对象认可度高，楼栋互助小组具备持续运行的基础。"
        "项目在助餐覆盖和社会资金撬动方面仍有不足，建议在下一届中统筹解决。"
    ),
    use_of_result=(
        "评估结果计入执行机构信用档案；执行机构在下一届申报中，同等条件下优先。"
        "本项目推荐列入街道优质项目案例库。结余资金1,781.68元按协议约定退回街道财政专户。"
    ),
)
