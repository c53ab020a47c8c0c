"""Bodies and views of neighbourhood events."""

from datetime import datetime
from typing import Annotated, Any, Self, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.events.domain.event import KIND_LABELS, STATE_LABELS, EventKind, EventState, Plan
from services.events.domain.occasion import Occasion
from shared.http.bodies import LineText, LongText, Moment, ShortText, StrictBody

Capacity = Annotated[int, Field(ge=1, le=5000, description="名额，按人计。Places, in persons")]


class DraftEventBody(StrictBody):
    """A new event."""

    kind: EventKind = Field(description="活动类型。What sort of gathering", examples=["banquet"])
    title: ShortText = Field(examples=["翡翠城邻里百家宴"])
    place: LineText = Field(examples=["中心广场"])
    starts_at: Moment = Field(examples=["2099-05-01T10:00:00Z"])
    ends_at: Moment = Field(examples=["2099-05-01T13:00:00Z"])
    capacity: Capacity
    registration_deadline: Moment | None = Field(
        default=None, examples=["2099-04-30T10:00:00Z"], description="缺省为开始时间。The start, if not given"
    )
    has_waitlist: bool = Field(
        default=True, description="名额满后是否候补。Whether households may wait when it is full"
    )
    programme: ShortText | None = Field(
        default=None, examples=["睦邻而莱 水润万家"], description="品牌项目。Programme tag"
    )
    theme: ShortText | None = Field(
        default=None, examples=["东北专场"], description="主题。Theme, such as a home province"
    )
    description: LongText | None = None

    def plan(self) -> Plan:
        """The plan; raises EventInvalid when it contradicts itself."""
        return Plan(**{name: getattr(self, name) for name in Plan.__dataclass_fields__})


def _without_defaults(schema: dict[str, Any]) -> None:
    """Nothing is filled in for a field that is left out: it stays as it is."""
    for field in schema.get("properties", {}).values():
        field.pop("default", None)


KEEP = cast(Any, None)
"""Default of fields that cannot be cleared; never validated, never used: only the fields that were given count."""


class ChangeEventBody(StrictBody):
    """Changes of an event: what is left out stays as it is, null clears an optional particular."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    kind: EventKind = KEEP
    title: ShortText = KEEP
    place: LineText = KEEP
    starts_at: Moment = KEEP
    ends_at: Moment = KEEP
    capacity: Capacity = KEEP
    registration_deadline: Moment | None = None
    has_waitlist: bool = KEEP
    programme: ShortText | None = None
    theme: ShortText | None = None
    description: LongText | None = None

    def changes(self) -> dict[str, Any]:
        """The fields that were given."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class CancelEventBody(StrictBody):
    """Why the event is called off."""

    reason: LineText = Field(examples=["暴雨预警"], description="告知已报名居民。Told to everybody registered")


class PlacesView(BaseModel):
    """How many places are taken."""

    confirmed_persons: int = Field(description="已确认人数。Persons with a place")
    free_persons: int = Field(description="剩余名额。Places nobody has; newcomers go behind those who wait")
    waiting_households: int = Field(description="候补户数。Households on the waitlist")
    registration_open: bool = Field(
        description="是否开放报名（另见截止时间）。Whether sign-up is open, apart from the deadline"
    )


class EventView(BaseModel):
    """A neighbourhood event."""

    id: UUID
    version: int
    kind: EventKind
    kind_label_zh: str
    kind_label_en: str
    state: EventState
    state_label_zh: str
    state_label_en: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    registration_deadline: datetime | None
    has_waitlist: bool
    programme: str | None
    theme: str | None
    description: str | None
    created_at: datetime
    published_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    finished_at: datetime | None
    places: PlacesView

    @classmethod
    def of(cls, occasion: Occasion) -> Self:
        """How people see it."""
        event, places = occasion.event, occasion.places
        kind_zh, kind_en = KIND_LABELS[event.plan.kind]
        state_zh, state_en = STATE_LABELS[event.state]
        return cls(
            id=event.id,
            version=event.version,
            kind_label_zh=kind_zh,
            kind_label_en=kind_en,
            state=event.state,
            state_label_zh=state_zh,
            state_label_en=state_en,
            created_at=event.created_at,
            published_at=event.published_at,
            cancelled_at=event.cancelled_at,
            cancel_reason=event.cancel_reason,
            finished_at=event.finished_at,
            places=PlacesView(
                confirmed_persons=places.confirmed_persons,
                free_persons=places.free,
                waiting_households=places.waiting,
                registration_open=places.is_open,
            ),
            **{name: getattr(event.plan, name) for name in Plan.__dataclass_fields__},
        )
