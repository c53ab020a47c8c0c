"""What happens when the community calls units by whistle (吹哨报到). Facts about one unit name it; whoever is called hears its own."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class WhistleBlown(Message, type="issues.whistle_blown.v1", aggregate="whistle_id"):
    """A unit was called to a place; one fact for each unit. A person must acknowledge it: receiving it is no answer."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    kind: str
    category: str
    level: str
    organisation_id: UUID
    due_at: datetime
    blown_by: UUID


class WhistleAcknowledged(Message, type="issues.whistle_acknowledged.v1", aggregate="whistle_id"):
    """A person of a called unit has heard the whistle; nobody is there yet."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    level: str
    organisation_id: UUID
    due_at: datetime
    acknowledged_by: UUID


class WhistleRefused(Message, type="issues.whistle_refused.v1", aggregate="whistle_id"):
    """A called unit says that it does not come. Its clock runs on until the office releases it."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    level: str
    organisation_id: UUID
    due_at: datetime
    refused_by: UUID


class UnitArrived(Message, type="issues.unit_arrived.v1", aggregate="whistle_id"):
    """A person of a called unit reported in at the place."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    level: str
    organisation_id: UUID
    arrived_at: datetime
    minutes: int
    in_time: bool
    proof: str
    arrived_by: UUID


class UnitArrivalRejected(Message, type="issues.unit_arrival_rejected.v1", aggregate="whistle_id"):
    """The office did not see the unit that had declared its arrival; its clock runs as before."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    level: str
    organisation_id: UUID
    due_at: datetime
    rejected_by: UUID


class WhistleMissed(Message, type="issues.whistle_missed.v1", aggregate="whistle_id"):
    """Nobody of a called unit was there in time; the subdistrict is told. Once for each unit of a whistle."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    level: str
    organisation_id: UUID
    due_at: datetime
    refused: bool


class WhistleUnitDone(Message, type="issues.whistle_unit_done.v1", aggregate="whistle_id"):
    """A called unit has done its work."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    level: str
    organisation_id: UUID
    done_by: UUID


class WhistleUnitReleased(Message, type="issues.whistle_unit_released.v1", aggregate="whistle_id"):
    """A called unit is needed no more, alone or because the whistle was cancelled."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    level: str
    organisation_id: UUID
    whistle_cancelled: bool
    released_by: UUID


class WhistleClosed(Message, type="issues.whistle_closed.v1", aggregate="whistle_id"):
    """Every called unit is done or released."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    level: str
    done: int
    released: int
    missed: int


class WhistleCancelled(Message, type="issues.whistle_cancelled.v1", aggregate="whistle_id"):
    """The office took the whistle back."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    level: str
    units: int
    missed: int
    cancelled_by: UUID


class WhistleRated(Message, type="issues.whistle_rated.v1", aggregate="whistle_id"):
    """After the work the community rated a unit, or a unit the community; `side` says who spoke."""

    whistle_id: UUID
    issue_id: UUID
    number: str
    level: str
    organisation_id: UUID
    side: str
    score: int
    rated_by: UUID
