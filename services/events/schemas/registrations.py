"""Bodies and views of registrations and arrivals."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.events.domain.check_in import CheckIn
from services.events.domain.event import EventState
from services.events.domain.registration import (
    LARGEST_PARTY,
    STATE_LABELS,
    EndedBy,
    Registration,
    RegistrationState,
)
from services.events.use_cases.check_in import Arrival
from shared.http.bodies import LineText, Moment, ShortText, StrictBody

Persons = Annotated[int, Field(ge=1, le=LARGEST_PARTY, description="人数。Persons of the household who come")]
Nonce = Annotated[
    str,
    Field(
        min_length=8,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="设备生成的编号，重发时不变。Made by the device, the same at every try",
        examples=["a1b2c3d4e5f6"],
    ),
]


class RegisterBody(StrictBody):
    """A household signs up."""

    persons: Persons
    dish: ShortText | None = Field(
        default=None, description="百家宴：带的菜。The dish the household brings", examples=["红烧鲤鱼"]
    )
    table: int | None = Field(default=None, ge=1, le=500, description="百家宴：想坐的桌号。The table it would like")


class CheckInBody(StrictBody):
    """Persons arrive."""

    nonce: Nonce
    persons: Persons
    occurred_at: Moment | None = Field(
        default=None, description="离线补传时的实际到场时间。When it was, if the device was offline"
    )


class AnnulBody(StrictBody):
    """Why a check-in was wrong."""

    reason: LineText = Field(examples=["扫错了码"])


class RegistrationView(BaseModel):
    """A household's registration."""

    id: UUID
    version: int
    event_id: UUID
    registered_by: UUID
    persons: int
    dish: str | None
    table: int | None
    state: RegistrationState
    state_label_zh: str
    state_label_en: str
    rank: int | None = Field(description="候补名次，1 为下一户。Rank on the waitlist, 1 comes in next")
    registered_at: datetime
    promoted_at: datetime | None
    cancelled_at: datetime | None
    ended_by: EndedBy | None
    present_persons: int = Field(description="已签到人数。Persons checked in")

    @classmethod
    def of(cls, registration: Registration) -> Self:
        """How its household and the organisers see it."""
        return cls(**_fields_of(registration))


class EventBrief(BaseModel):
    """The event of one's own registration."""

    title: str
    place: str
    starts_at: datetime
    state: EventState


class MyRegistrationView(RegistrationView):
    """One's own registration with its event."""

    event: EventBrief

    @classmethod
    def with_event(cls, registration: Registration, event: EventBrief) -> Self:
        """How it looks in one's own list."""
        return cls(**_fields_of(registration), event=event)


class CheckInView(BaseModel):
    """One arrival."""

    id: UUID
    version: int
    nonce: str
    persons: int
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: UUID
    annulled_at: datetime | None
    annul_reason: str | None

    @classmethod
    def of(cls, check_in: CheckIn) -> Self:
        """How organisers see it."""
        return cls(**{name: getattr(check_in, name) for name in CheckInView.model_fields})


class RegistrationDetailView(RegistrationView):
    """A registration with its arrivals."""

    check_ins: list[CheckInView]

    @classmethod
    def with_check_ins(cls, registration: Registration, check_ins: list[CheckInView]) -> Self:
        """How it looks by itself."""
        return cls(**_fields_of(registration), check_ins=check_ins)


class ArrivalView(CheckInView):
    """An arrival, and how many of the household are there now."""

    event_id: UUID
    registration_id: UUID
    registered_persons: int
    present_persons: int

    @classmethod
    def of_arrival(cls, arrival: Arrival) -> Self:
        """What the person at the door sees."""
        check_in, registration = arrival.check_in, arrival.registration
        return cls(
            **{name: getattr(check_in, name) for name in CheckInView.model_fields},
            event_id=check_in.event_id,
            registration_id=check_in.registration_id,
            registered_persons=registration.persons,
            present_persons=registration.present_persons,
        )


def _fields_of(registration: Registration) -> dict[str, Any]:
    zh, en = STATE_LABELS[registration.state]
    labels = {"state_label_zh": zh, "state_label_en": en}
    return labels | {name: getattr(registration, name) for name in RegistrationView.model_fields if name not in labels}
