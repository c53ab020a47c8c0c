"""Who answers for a matter: an assignment is complete or it is none (做好记录、划分责任、规定时限、做好计划)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.errors.moments import DateNotInFuture


@dataclass(frozen=True, slots=True)
class Assignment:
    """All four: what was recorded, who is responsible, until when, and how it will be done."""

    record: str
    responsible_organisation: UUID
    deadline: datetime
    plan: str


def check_in_future(moment: datetime, now: datetime, field: str) -> None:
    """Refuse a moment that is not later than now, naming the input field it came from."""
    if moment <= now:
        raise DateNotInFuture(
            "时间必须晚于现在",
            "The time must lie in the future",
            fields={field: ("必须晚于现在", "must lie in the future")},
        )
