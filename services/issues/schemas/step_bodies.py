"""What callers send to take a step with an issue."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.issues.domain.words.issues import ContactWay, DismissalReason, Tier
from services.issues.schemas.issue_bodies import CategoryCode
from shared.http.bodies import LineText, LongText, Moment, StrictBody


class ChangeCategoryBody(StrictBody):
    """更正分类、级别，至少一项。A new category, a new tier, or both."""

    category: CategoryCode | None = Field(None, examples=["noise"])
    tier: Tier | None = None
    note: LineText | None = None


class ContactBody(StrictBody):
    """与诉求人的联系方式。How the reporter was reached, and what was said."""

    way: ContactWay
    note: LongText | None = None


class DismissBody(StrictBody):
    """不予受理的理由，以及应向哪里反映。Why, and the right address to turn to."""

    reason_code: DismissalReason
    refer_to: LineText = Field(examples=["供电公司 95598"])
    reason: LongText


class ReasonBody(StrictBody):
    """理由。Why."""

    reason: LongText


class MergeBody(StrictBody):
    """合并到哪条诉求。Into which open issue of this community."""

    target_id: UUID
    note: LineText | None = None


class AskBody(StrictBody):
    """请居民补充什么。What the reporter is asked."""

    question: LongText


class AnswerBody(StrictBody):
    """补充说明。The answer."""

    answer: LongText


class DeferBody(StrictBody):
    """挂账：理由与复核日期（六个月内；历史遗留问题一年内）。Why, and when it is looked at again."""

    reason: LongText
    review_at: Moment
    historical: bool = Field(False, description="历史遗留问题，每年复核。Left over from history: reviewed once a year")


class ReviewBody(StrictBody):
    """复核：给出新日期则继续挂账，不给则恢复办理。With a date it stays deferred; without, the work begins."""

    review_at: Moment | None = None
    note: LongText | None = None


class ExtendBody(StrictBody):
    """延期：理由与新期限。Why, and the new end."""

    reason: LongText
    until: Moment


class ApproveBody(StrictBody):
    """同意。A remark, if any."""

    note: LineText | None = None


class VerifyBody(StrictBody):
    """核实情况。What was seen."""

    note: LongText


class CallBackBody(StrictBody):
    """回访：是否联系上；居民认为是否解决（未表态则不填）。Reached or not, and what the reporter said, if anything."""

    reached: bool
    solved: bool | None = None
    note: LongText | None = None


class ReopenBody(StrictBody):
    """哪里还没有解决。What is not solved."""

    note: Annotated[LongText, Field(examples=["又不亮了"])]
