"""What callers send about mediations."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.issues.domain.words.mediations import MediationOutcome
from shared.http.bodies import Day, LineText, LongText, Moment, ShortText, StrictBody


class PartyBody(StrictBody):
    """当事人：平台成员或姓名电话，至少一项。A person with an account, or a name; names and telephones are kept sealed."""

    person_id: UUID | None = None
    name: ShortText | None = None
    phone: Annotated[str | None, Field(pattern=r"^\+?[0-9][0-9 -]{4,18}[0-9]$", examples=["13800138000"])] = None


class OpenMediationBody(StrictBody):
    """立案：哪条纠纷、当事人、调解员。Which dispute, the parties, and who mediates."""

    issue_id: UUID
    parties: Annotated[list[PartyBody], Field(min_length=2, max_length=20)]
    mediator_id: UUID


class MediatorBody(StrictBody):
    """指定调解员。Who mediates from now on."""

    mediator_id: UUID


class DeclarationBody(StrictBody):
    """声明与各方无亲属、利害关系；否则退出。No tie of family or interest to a party; otherwise the mediator steps back."""

    unrelated: bool


class ScheduleBody(StrictBody):
    """约定调解会。When and where."""

    starts_at: Moment
    place: LineText


class SessionBody(StrictBody):
    """调解记录：到场当事人和调解员笔记（当事人看不到）。Who came, and notes that no party reads."""

    attended: Annotated[list[UUID], Field(max_length=20)]
    notes: LongText


class AgreementBody(StrictBody):
    """调解协议。What the parties agreed on."""

    text: LongText


class SignatureBody(StrictBody):
    """签字。A party signs for itself; who records a signature on paper says whose."""

    party_id: UUID | None = None


class SettleBody(StrictBody):
    """调解成功结案，并约定回访日期。How far it is settled, and when somebody asks whether it holds."""

    outcome: Literal[MediationOutcome.SETTLED, MediationOutcome.PARTLY]
    follow_up_on: Day


class FailBody(StrictBody):
    """调解不成的原因。Why no agreement was reached."""

    reason: LongText


class ReferBody(StrictBody):
    """转介：去哪里（司法所、法院等），为什么。The right address, and why."""

    refer_to: LineText
    reason: LongText


class FollowUpBody(StrictBody):
    """回访：协议是否仍在履行；可约定下次。Whether it holds, and when to ask again."""

    holds: bool
    note: LongText | None = None
    next_on: Day | None = None
