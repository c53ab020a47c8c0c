"""What leaves a mediation: that it began and how it ended. Never who, never about what: only counts leave the service."""

from uuid import UUID

from shared.contracts.message import Message


class MediationOpened(Message, type="issues.mediation_opened.v1", aggregate="mediation_id"):
    """A dispute is being mediated."""

    mediation_id: UUID


class MediationClosed(Message, type="issues.mediation_closed.v1", aggregate="mediation_id"):
    """A mediation ended: settled, partly, failed or referred."""

    mediation_id: UUID
    outcome: str
    sessions: int


class MediationFollowUpDue(Message, type="issues.mediation_follow_up_due.v1", aggregate="mediation_id"):
    """It is time to ask whether an agreement holds."""

    mediation_id: UUID
