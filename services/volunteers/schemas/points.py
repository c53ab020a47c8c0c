"""Bodies and views of points."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.volunteers.domain.adjustment import LABELS_ZH as ADJUSTMENT_LABELS_ZH
from services.volunteers.domain.adjustment import Adjustment, AdjustmentState
from services.volunteers.domain.points import LABELS_EN, LABELS_ZH, Account, Hold, HoldState, Transfer, TransferKind
from shared.http.bodies import LineText, StrictBody

RuleCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$", max_length=40)]
Points = Annotated[int, Field(ge=1, le=100_000, description="正整数。Whole points, at least one")]
DeedKind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,29}$", max_length=30)]
LONGEST_HOLD_HOURS = 168


class DeedBody(StrictBody):
    """What was done, so that it earns its points once: a kind such as `footprint` and its id."""

    kind: DeedKind = Field(examples=["footprint"])
    id: UUID


class AwardPointsBody(StrictBody):
    """Points by a rule."""

    person: UUID
    rule: RuleCode = Field(examples=["service_hour"])
    reason: LineText = Field(examples=["9月6日楼道清理一小时"])
    deed: DeedBody | None = None


class DebitPointsBody(StrictBody):
    """Points for something handed over at the desk."""

    person: UUID
    points: Points
    reason: LineText = Field(examples=["兑换洗衣液一瓶"])


class HoldPointsBody(StrictBody):
    """Points to set aside. Without `person`: one's own."""

    person: UUID | None = None
    points: Points
    reason: LineText = Field(examples=["预约兑换雨伞"])
    hours: int = Field(
        default=72, ge=1, le=LONGEST_HOLD_HOURS, description="多少小时后自动释放。Freed after so many hours"
    )


class ReverseTransferBody(StrictBody):
    """Why the transfer was wrong; its person reads it."""

    reason: LineText


def _not_zero(points: int) -> int:
    if points == 0:
        raise PydanticCustomError("zero", "must not be zero")
    return points


class ProposeAdjustmentBody(StrictBody):
    """A correction, up or down."""

    person: UUID
    points: Annotated[int, AfterValidator(_not_zero)] = Field(
        ge=-100_000,
        le=100_000,
        description="正数增加，负数扣减，不能为零。Up or down, not zero",
        json_schema_extra={"not": {"const": 0}},
    )
    reason: LineText


class RejectAdjustmentBody(StrictBody):
    """Why not."""

    note: LineText


class AccountView(BaseModel):
    """Somebody's points now. `free` can be spent; `debt` is paid off by the next points."""

    person: UUID
    balance: int
    held: int
    free: int
    debt: int

    @classmethod
    def of(cls, account: Account) -> Self:
        """The account."""
        return cls(
            person=account.person, balance=account.balance, held=account.held, free=account.free, debt=account.debt
        )


class TransferView(BaseModel):
    """A posted transfer with the account after it."""

    id: UUID
    sequence: int
    kind: TransferKind
    kind_zh: str
    kind_en: str
    person: UUID
    points: int
    reason: str
    rule: str | None
    rule_version: int | None
    reverses: UUID | None
    made_by: UUID | None
    made_at: datetime
    account: AccountView

    @classmethod
    def of(cls, transfer: Transfer) -> Self:
        """The transfer."""
        return cls(
            id=transfer.id,
            sequence=transfer.sequence,
            kind=transfer.kind,
            kind_zh=LABELS_ZH[transfer.kind],
            kind_en=LABELS_EN[transfer.kind],
            person=transfer.person,
            points=transfer.points,
            reason=transfer.reason,
            rule=transfer.rule,
            rule_version=transfer.rule_version,
            reverses=transfer.reverses,
            made_by=transfer.made_by,
            made_at=transfer.at,
            account=AccountView.of(transfer.account),
        )


class StatementLine(BaseModel):
    """One line of an account: how much, why, by whom; whether it was taken back."""

    id: UUID
    sequence: int
    kind: TransferKind
    kind_zh: str
    kind_en: str
    points: int
    to_debt: int = Field(
        description="用于偿还的欠分（负数为新增欠分）。Paid off from what was owed; negative: newly owed"
    )
    balance_after: int | None = Field(description="账户未变动时为空。None when the account itself did not move")
    reason: str
    rule: str | None
    rule_title_zh: str | None
    rule_title_en: str | None
    made_by: UUID | None
    approved_by: UUID | None
    made_at: datetime
    expires_at: datetime | None
    reverses: UUID | None
    reversed_by: UUID | None


class HoldView(BaseModel):
    """Points set aside."""

    id: UUID
    version: int
    person: UUID
    points: int
    reason: str
    state: HoldState
    made_by: UUID
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, hold: Hold) -> Self:
        """The hold."""
        return cls(
            id=hold.id,
            version=hold.version,
            person=hold.person,
            points=hold.points,
            reason=hold.reason,
            state=hold.state,
            made_by=hold.made_by,
            made_at=hold.made_at,
            expires_at=hold.expires_at,
            ended_at=hold.ended_at,
        )


class AdjustmentView(BaseModel):
    """A manual correction."""

    id: UUID
    version: int
    person: UUID
    points: int
    reason: str
    state: AdjustmentState
    state_zh: str
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    decision_note: str | None

    @classmethod
    def of(cls, adjustment: Adjustment) -> Self:
        """The correction."""
        return cls(
            id=adjustment.id,
            version=adjustment.version,
            person=adjustment.person,
            points=adjustment.points,
            reason=adjustment.reason,
            state=adjustment.state,
            state_zh=ADJUSTMENT_LABELS_ZH[adjustment.state],
            proposed_by=adjustment.proposed_by,
            proposed_at=adjustment.proposed_at,
            decided_by=adjustment.decided_by,
            decided_at=adjustment.decided_at,
            decision_note=adjustment.decision_note,
        )
