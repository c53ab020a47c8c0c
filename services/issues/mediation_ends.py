"""What the endings of a mediation share: the only fact that leaves, and the timer of the follow-up."""

from datetime import UTC, date, datetime, time

from services.issues.domain.mediation import Mediation
from shared.clock import CHINA
from shared.contracts.issues import MediationClosed

FOLLOW_UP = "mediation_follow_up"


def closed(mediation: Mediation) -> MediationClosed:
    """That it ended and how; no id of a person, and no word."""
    held = sum(1 for session in mediation.sessions if session.recorded_at is not None)
    return MediationClosed(mediation_id=mediation.id, outcome=mediation.outcome or "", sessions=held)


def morning_of(day: date) -> datetime:
    """Nine o'clock of a local day."""
    return datetime.combine(day, time(9), CHINA).astimezone(UTC)
