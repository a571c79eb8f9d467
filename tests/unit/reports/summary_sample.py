"""A made-up round of a whole street: twelve communities, twenty-eight projects, figures derived from a few rules."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from reports.data.common import CATEGORIES, Answers
from reports.data.round_summary import (
    AgeRow,
    Case,
    CommunityRow,
    EnvelopeRow,
    FunnelStep,
    HandledRow,
    MonthRow,
    NeedCount,
    OutcomeRow,
    ProjectRow,
    RoundSummary,
    SenseRow,
    StageRow,
)
from tests.unit.reports.evaluation_sample import stamp

COMMUNITIES = (
    "兰亭社区",
    "银杏里社区",
    "梧桐苑社区",
    "书院社区",
    "和平社区",
    "滨河社区",
    "翠竹社区",
    "东园社区",
    "西园社区",
    "新桥社区",
    "火车站社区",
    "龙潭社区",
)
_NAMES = (
    (
        "“楼门议事会”居民自治培力",
        "小区停车共治",
        "物业纠纷调解室",
        "平安楼栋守望",
        "文明养犬公约",
        "老旧小区加装电梯协商",
    ),
    (
        "“银龄相伴”独居老人关爱",
        "困境儿童课后陪伴",
        "残障家庭喘息服务",
        "新就业群体暖心驿站",
        "社区心理支持",
        "失能老人家属照护培训",
    ),
    ("共享花园营造", "社区口述史", "邻里节与百家宴", "楼道美学改造", "儿童友好街角", "社区阅读角"),
    ("“周末义集”便民服务", "青年志愿者结对", "应急救护进楼栋", "垃圾分类指导员", "护学岗"),
    ("爱心助餐", "旧物新生义卖", "大病家庭帮扶", "慈善超市", "孤独症儿童融合活动"),
)
_ORGANISATIONS = (
    "馨语社会工作服务中心",
    "同心社区发展促进会",
    "晨光青少年事务服务社",
    "和睦家庭服务中心",
    "银发互助会",
)
_GRADES = ("优秀", "良好", "良好", "合格", "良好", "优秀", "合格", "良好")


def summary(**changes: Any) -> RoundSummary:
    """Return the summary's data; `changes` replace whole fields."""
    return replace(_SUMMARY, **changes)


def _projects() -> tuple[ProjectRow, ...]:
    rows = []
    for group, (category, names) in enumerate(zip(CATEGORIES, _NAMES, strict=True)):
        for place, name in enumerate(names):
            index = len(rows)
            fiscal = 3_000_000 + (index * 1_370_000) % 6_200_000
            spent = fiscal * (88 + index % 11) // 100 + 13 * index
            grade = "不合格" if index == 19 else _GRADES[index % 8]
            score = {"优秀": 91, "良好": 83, "合格": 71, "不合格": 55}[grade] + Decimal(index % 7) / 2
            rows.append(
                ProjectRow(
                    reference=f"GYCT-2026-03-{index + 1:04d}",
                    name=name + "项目",
                    category=category,
                    community=COMMUNITIES[(index * 5 + group) % 11],
                    implementer=_ORGANISATIONS[(index + place) % 5],
                    is_hosted=(index + place) % 5 == 4,
                    fiscal_fen=fiscal,
                    social_fen=fiscal * (10 + index % 4 * 9) // 100,
                    paid_fen=fiscal * 9 // 10 if index % 6 == 5 else fiscal,
                    spent_fen=spent,
                    beneficiary_count=80 + (index * 37) % 310,
                    attendance_count=620 + (index * 233) % 1900,
                    activity_count=12 + (index * 7) % 22,
                    answers=Answers((32 + index % 9, 14 + index % 5, index % 4, index % 3, index % 2)),
                    score=score,
                    grade=grade,
                )
            )
    return tuple(rows)


def _months(projects: tuple[ProjectRow, ...]) -> tuple[MonthRow, ...]:
    paid, spent = sum(row.paid_fen for row in projects), sum(row.spent_fen for row in projects)
    shares = (
        (3, 46, 4),
        (4, 4, 8),
        (5, 0, 11),
        (6, 0, 12),
        (7, 31, 13),
        (8, 6, 12),
        (9, 0, 12),
        (10, 0, 11),
        (11, 0, 10),
    )
    rows = [MonthRow(date(2026, month, 1), paid * part // 100, spent * use // 100) for month, part, use in shares]
    rest = MonthRow(
        date(2026, 12, 1), paid - sum(row.paid_fen for row in rows), spent - sum(row.spent_fen for row in rows)
    )
    return (*rows, rest)


def _communities() -> tuple[CommunityRow, ...]:
    rows = []
    for index, name in enumerate(COMMUNITIES):
        residents = 5_100 + (index * 977) % 4_300
        voters = residents * (8 + index % 6) // 100
        rows.append(
            CommunityRow(
                name, 4 + index % 4, residents, residents * 82 // 100, voters, voters * (18 + index * 2) // 100
            )
        )
    return tuple(rows)


def _ages(communities: tuple[CommunityRow, ...]) -> tuple[AgeRow, ...]:
    eligible, voters = sum(row.eligible_count for row in communities), sum(row.voter_count for row in communities)
    bands = (("18—29岁", 17, 9, 2), ("30—44岁", 27, 24, 4), ("45—59岁", 26, 28, 14))
    rows = [AgeRow(name, eligible * e // 100, voters * v // 100, voters * v * p // 10_000) for name, e, v, p in bands]
    rest_eligible, rest_voters = (
        eligible - sum(r.eligible_count for r in rows),
        voters - sum(r.voter_count for r in rows),
    )
    older = AgeRow("60—74岁", rest_eligible * 3 // 4, rest_voters * 4 // 5, rest_voters * 4 // 5 * 45 // 100)
    oldest_voters = rest_voters - older.voter_count
    oldest = AgeRow("75岁以上", rest_eligible - older.eligible_count, oldest_voters, oldest_voters * 82 // 100)
    return (*rows, older, oldest)


def _needs() -> tuple[NeedCount, ...]:
    rows = []
    for group, category in enumerate(CATEGORIES):
        for place, community in enumerate(COMMUNITIES):
            raised = 4 + (group * 3 + place * 5) % 7
            rows.append(
                NeedCount(category, community, raised, raised * 2 // 5 + 1, (group + place) % 3 % 2 + (place == 0))
            )
    return tuple(rows)


def _build() -> RoundSummary:
    projects, communities, needs = _projects(), _communities(), _needs()
    return RoundSummary(
        stamp=stamp(
            number="JC-2026-03", check_code="M4TX-2PAH", verify_url="https://grants.example.cn/verify/M4TX-2PAH"
        ),
        street_name="梧桐街道",
        round_name="2026年度（第三届）公益创投",
        period_start_on=date(2025, 10, 8),
        period_end_on=date(2026, 12, 20),
        overview=(
            "2026年度（第三届）公益创投在街道党工委领导下，由社区建设部牵头、各社区居委会具体负责，围绕居民需求的收集与筛选、"
            "服务项目的立项决策、执行机构的选择、实施过程监督和服务效率评价五项机制，组织居民全程参与。"
        ),
        categories=CATEGORIES,
        grades=("优秀", "良好", "合格", "不合格"),
        funnel=(
            FunnelStep("居民提出需求", sum(row.raised_count for row in needs), "线上、热线、窗口、网格员和入户登记"),
            FunnelStep("合并后需求", sum(row.merged_count for row in needs), "同类合并，逐条答复提出人"),
            FunnelStep("列入需求指引", sum(row.approved_count for row in needs), "两委审事、民主议事、居民投票"),
            FunnelStep("收到申报", 58, "社会组织52家、居民自治团队6个"),
            FunnelStep("通过资格审查", 49, "9个未通过，均告知原因"),
            FunnelStep("进入现场评审", 40, "专家7名、居民评审团每场20名"),
            FunnelStep("立项", len(projects), "公示5个工作日，受理异议1件"),
        ),
        needs=needs,
        handled=(HandledRow("服务", 124, 70), HandledRow("管理", 33, 20), HandledRow("执法", 14, 10)),
        stages=(
            StageRow("需求收集与筛选", "提出和附议需求，参加议事会，对需求投票", 6_204),
            StageRow("立项决策", "在预算内投票决定项目，查阅公示并提出异议", 9_850),
            StageRow("执行机构选择", "居民评审团与专家共同打分，社区居民代表发表意见", 480),
            StageRow("实施过程监督", "抽签产生居民监督员，现场巡查、签到核对、投诉建议", 1_166),
            StageRow("服务效率评价", "填写满意度问卷，参加评审团评议和座谈", 1_540),
        ),
        communities=communities,
        ages=_ages(communities),
        envelopes=tuple(
            EnvelopeRow(category, planned)
            for category, planned in zip(
                CATEGORIES, (38_000_000, 42_000_000, 36_000_000, 30_000_000, 30_000_000), strict=True
            )
        ),
        projects=projects,
        months=_months(projects),
        senses=(
            SenseRow("获得感", Answers((940, 402, 61, 30, 9))),
            SenseRow("幸福感", Answers((905, 431, 70, 28, 8))),
            SenseRow("安全感", Answers((1012, 371, 40, 15, 4))),
        ),
        outcomes=(
            OutcomeRow("领军型社会服务人才", "持证社工担任项目负责人", "人", 21, 16),
            OutcomeRow("领军型社会服务人才", "入选街道领军人才库", "人", 5, 3),
            OutcomeRow("专业化社会组织", "备案组织转为登记", "家", 3, 1),
            OutcomeRow("专业化社会组织", "获3A及以上评估等级", "家", 8, 6),
            OutcomeRow("优质化社会服务项目", "评估优秀项目", "个", 7, 5),
            OutcomeRow("优质化社会服务项目", "形成可复制案例", "个", 6, None),
            OutcomeRow("精品化服务社区", "获评精品服务社区", "个", 3, 2),
        ),
        cases=(
            Case(
                "兰亭社区“银龄相伴”独居老人关爱",
                "48名志愿者与143名独居老人固定结对，形成“周探访、日报平安”机制，6个楼栋互助小组在项目结束后继续轮值。",
            ),
            Case(
                "梧桐苑社区共享花园",
                "居民自己设计、认养、管理，260平方米闲置绿地变成议事和休憩的场所，维护费用由认养家庭分担。",
            ),
        ),
        achievements=(
            "坚持需求导向。每个项目均对应一项以上居民需求，未采纳的需求全部说明理由并告知提出人。",
            "坚持居民作主。居民在五项机制中均有实质性参与，纸质和代办渠道保证老年人不掉队。",
            "坚持公开透明。投票、评分、拨付、支出和评价全部公开，任何人可凭核验码查验本报告。",
        ),
        problems=(
            "部分社区项目分布不均，龙潭社区本届没有立项项目。",
            "18—29岁居民投票率偏低，年轻人参与渠道有待拓宽。",
            "1个项目评估不合格，反映出个别备案组织财务管理能力不足。",
        ),
        plans=(
            "下一届对未覆盖社区和人均资金偏低的社区设置保底额度，优先安排需求调研。",
            "在高校、园区和新就业群体驿站增设投票点，探索周末和晚间议事。",
            "由枢纽型社会组织对备案组织开展财务和项目管理培训，实行首年陪伴。",
        ),
    )


_SUMMARY = _build()
