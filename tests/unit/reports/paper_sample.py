"""A made-up official paper with every part the standard knows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from reports.data.official_paper import Block, Level, OfficialPaper

_TEXT = (
    "为保障居民全程参与社区公益服务，推动公益创投项目规范有序实施，根据街道年度工作安排，经街道党工委会议研究，"
    "现就做好本届项目末期评估工作通知如下，请结合实际认真贯彻执行。"
)

_PAPER = OfficialPaper(
    masthead="梧桐街道办事处文件",
    number="梧街社建〔2026〕31号",
    title=("梧桐街道办事处关于做好2026年度公益创投", "项目末期评估工作的通知"),
    addressee="各社区居民委员会，各项目执行机构",
    body=(
        Block(_TEXT),
        Block("一、评估范围", Level.FIRST),
        Block("本届立项的28个公益创投项目全部纳入末期评估，评估结果向居民公开，并作为尾款拨付和下一届申报的依据。"),
        Block("（一）时间安排", Level.SECOND),
        Block("12月5日前，执行机构提交末期自评报告；12月18日前，评估组完成资料核查、现场走访和居民问卷。"),
        Block("（二）评价标准", Level.SECOND),
        Block("1. 评分办法", Level.THIRD),
        Block("评分满分为100分，其中居民满意度20分，由实际服务对象评价，未完成居民评价的项目不得结项。"),
        Block("二、工作要求", Level.FIRST),
        Block("各社区居委会要组织居民监督员参与现场评估；执行机构要如实提供资料，确保数据真实、票据完整、账目清楚。"),
    ),
    annexes=("末期评估评分表", "居民满意度调查问卷"),
    signed_by="梧桐街道办事处",
    signed_on=date(2026, 11, 25),
    note="此件公开发布",
    copies_to="街道纪工委，街道财政所，居务监督委员会",
    printed_by="梧桐街道党政办公室",
    check_code="R8KD-41WZ",
    verify_url="https://grants.example.cn/verify/R8KD-41WZ",
    issued_at=datetime(2026, 11, 25, 2, 0, tzinfo=UTC),
    is_draft=False,
)


def paper(**changes: Any) -> OfficialPaper:
    """Return the paper; `changes` replace whole fields."""
    return replace(_PAPER, **changes)
