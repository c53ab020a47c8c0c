"""The numbers of events: 次 (events held), 人次 (attendances) and 人数/户数 (different persons, households), never mixed."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field


class Party(BaseModel):
    """Households and the persons they bring."""

    households: int = Field(description="户数。Registrations")
    persons: int = Field(description="人数。Persons they bring")


class Present(BaseModel):
    """Who came. Members of a household are counted, not named, so different persons are known by those who registered."""

    person_times: int = Field(description="人次：每次到场每人计一次。Attendances: each person each time")
    registrants: int = Field(description="不同的报名人。Different persons among those who registered and came")
    households: int = Field(description="不同的户。Different households that came")
    buildings: int = Field(description="不同的楼栋（已知住址者）。Different buildings they come from, where known")


class Participation(BaseModel):
    """Share of the community's households that came; the denominator stands beside it."""

    households_present: int
    households_total: int
    as_of: date = Field(description="总户数的日期。The day the total is true for")


class AttendanceView(BaseModel):
    """The numbers of one event."""

    event_id: UUID
    times_held: int = Field(description="次：已结束为 1，否则 0。1 when finished, else 0")
    registered: Party
    waitlisted: Party
    present: Present
    participation: Participation | None = Field(
        description="社区规模未知时为空。Null while the community's size is unknown"
    )


class ProgrammeAttendanceView(BaseModel):
    """The numbers of all events of a period, or of one programme in it."""

    first_day: date
    last_day: date
    programme: str | None
    times_held: int = Field(description="次：已结束的活动。Finished events")
    present: Present
    participation: Participation | None
