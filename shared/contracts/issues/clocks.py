"""Time that runs out, and the rules and days by which it is counted."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class IssueEscalated(Message, type="issues.issue_escalated.v1", aggregate="issue_id"):
    """So many percent of the time to solve a matter are over: 50, 80, 100, 150, 300; each once in a round."""

    issue_id: UUID
    number: str
    category: str
    percent: int
    round: int
    tier: str
    due_at: datetime
    responsible_organisation: UUID | None = None


class IssueClockMissed(Message, type="issues.issue_clock_missed.v1", aggregate="issue_id"):
    """A step was due and was not taken: T1 acceptance, T2 first contact, T5 signing, T7 review, T8 verification. Once per clock."""

    issue_id: UUID
    number: str
    category: str
    clock: str
    round: int
    due_at: datetime
    responsible_organisation: UUID | None = None


class CalendarPublished(Message, type="issues.calendar_published.v1", aggregate="calendar_id"):
    """The working calendar of a year has a new version; clocks that run are computed anew."""

    calendar_id: UUID
    year: int
    version: int
    approved_by: UUID


class ClockRulesPublished(Message, type="issues.clock_rules_published.v1", aggregate="rules_id"):
    """The rules of clocks have a new version, for clocks that start from a moment on."""

    rules_id: UUID
    version: int
    effective_from: datetime
    approved_by: UUID
