"""The messages that several use cases send, each built in one place."""

from services.issues.domain.issue import Issue
from services.issues.domain.meeting import Meeting
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import CardWithdrawn, IssueAssigned, IssuePlacedOnAgenda, IssueRegistered, IssueResolved
from shared.principal import Principal


def registered(issue: Issue) -> IssueRegistered:
    """The fact that an issue is on record."""
    return IssueRegistered(
        issue_id=issue.id,
        number=issue.number,
        kind=issue.kind,
        category=issue.category,
        source=issue.source,
        reported_by=issue.reported_by,
        building_id=issue.place.building_id,
        severity=issue.severity,
    )


def placed_on_agenda(issue: Issue, meeting: Meeting) -> IssuePlacedOnAgenda:
    """The issue will be discussed at this meeting."""
    return IssuePlacedOnAgenda(
        issue_id=issue.id,
        number=issue.number,
        category=issue.category,
        meeting_id=meeting.id,
        meeting_starts_at=meeting.starts_at,
        reported_by=issue.reported_by,
    )


def card_withdrawn(issue: Issue, by: Principal) -> CardWithdrawn:
    """Neighbours no longer see the issue."""
    return CardWithdrawn(
        issue_id=issue.id,
        number=issue.number,
        category=issue.category,
        withdrawn_by=by.person,
        reported_by=issue.reported_by,
    )


async def publish_assigned(issue: Issue, uow: IssuesUnitOfWork) -> None:
    """Tell that a responsible organisation got the issue."""
    if issue.assignment is not None:
        await uow.publish(
            IssueAssigned(
                issue_id=issue.id,
                number=issue.number,
                category=issue.category,
                responsible_organisation=issue.assignment.responsible_organisation,
                due_at=issue.assignment.deadline,
                meeting_id=issue.meeting_id,
                reported_by=issue.reported_by,
            )
        )


async def publish_resolved(issue: Issue, by: Principal, uow: IssuesUnitOfWork) -> None:
    """Tell that the work is said to be done; the reporter is asked to confirm."""
    if issue.outcome is not None:
        quantity = issue.resolution.quantity if issue.resolution else None
        await uow.publish(
            IssueResolved(
                issue_id=issue.id,
                number=issue.number,
                category=issue.category,
                outcome=issue.outcome,
                resolved_by=by.person,
                responsible_organisation=issue.assignment.responsible_organisation if issue.assignment else None,
                reported_by=issue.reported_by,
                round=issue.round,
                quantity_kind=quantity.kind if quantity else None,
                quantity=quantity.amount if quantity else None,
            )
        )
