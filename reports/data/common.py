"""What every paper of the street carries: number, dates, check code, and who answers for it."""

from dataclasses import dataclass
from datetime import date, datetime

SIX_STEPS = ("百姓提事", "两委审事", "民主议事", "集中定事", "协同办事", "主动公示")
"""六部曲, in the order in which a need goes through them."""

CATEGORIES = ("社会治理类", "专业服务类", "社区营造类", "志愿服务类", "福利慈善类")
"""The five project categories, always shown in this order."""

ANSWERS = ("非常满意", "满意", "一般", "不满意", "非常不满意")
ANSWER_POINTS = (100, 80, 60, 30, 0)
"""The five answers of the satisfaction survey and what each is worth."""


@dataclass(frozen=True)
class Signatory:
    """One of the boxes 编制, 审核 and 审批; name and date stay empty until signed in the system."""

    role: str
    name: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Stamp:
    """What identifies one issue of a paper and lets anyone check it.

    `check_code` is printed and looked up at `verify_url`; figures are as of `data_cutoff_at`. A paper is a draft until
    approved, and says so on every page.
    """

    number: str
    check_code: str
    verify_url: str
    data_cutoff_at: datetime
    generated_at: datetime
    issuer: str
    department: str
    is_draft: bool = True
    signatories: tuple[Signatory, ...] = (Signatory("编制"), Signatory("审核"), Signatory("审批"))


@dataclass(frozen=True)
class Answers:
    """How many people gave each of the five answers, best first (see ANSWERS)."""

    counts: tuple[int, int, int, int, int]

    @property
    def total(self) -> int:
        """Return the number of valid answers."""
        return sum(self.counts)

    @property
    def satisfied(self) -> int:
        """Return how many are satisfied or very satisfied."""
        return self.counts[0] + self.counts[1]

    @property
    def rate(self) -> float | None:
        """Return the share of satisfied answers, 0 to 1; None without answers."""
        return self.satisfied / self.total if self.total else None

    @property
    def index(self) -> float | None:
        """Return the mean of the answers' points, 0 to 100; None without answers."""
        if not self.total:
            return None
        return sum(points * count for points, count in zip(ANSWER_POINTS, self.counts, strict=True)) / self.total
