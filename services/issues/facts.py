"""The messages that several use cases send, each built in one place."""

from typing import Any
from uuid import UUID

from services.issues.domain.co_handling import ChildTask
from services.issues.domain.issue import Issue
from services.issues.domain.meeting import Meeting
from services.issues.domain.platform import PLATFORM
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import (
    CardWithdrawn,
    ChildTaskCancelled,
    FollowedIssueMoved,
    IssueAccepted,
    IssueAssigned,
    IssueClosed,
    IssuePlacedOnAgenda,
    IssueRegistered,
    IssueReopened,
    IssueResolved,
)
from shared.principal import Principal

FOLLOWERS_PER_MESSAGE = 200
"""A message stays small however many follow an issue."""


def about(issue: Issue) -> dict[str, Any]:
    """What nearly every fact says of its issue."""
    return {
        "issue_id": issue.id,
        "number": issue.number,
        "category": issue.category,
        "reported_by": issue.reported_by,
        "responsible_organisation": issue.assignment.responsible_organisation if issue.assignment else None,
    }


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
        compound_id=issue.place.compound_id,
        grid_id=issue.place.grid_id,
        filed_by=issue.filing.filed_by,
        origin_id=issue.filing.origin_id,
        severity=issue.severity,
    )


def accepted(issue: Issue) -> IssueAccepted:
    """The platform took in what was raised at a table."""
    return IssueAccepted(
        issue_id=issue.id,
        number=issue.number,
        category=issue.category,
        tier=issue.tier or issue.severity,
        due_at=issue.solve_by,
        accepted_by=PLATFORM.person,
        reported_by=issue.reported_by,
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


def lead_of(issue: Issue) -> UUID | None:
    """The responsible organisation."""
    return issue.assignment.responsible_organisation if issue.assignment else None


def task_cancelled(issue: Issue, task: ChildTask, by: Principal) -> ChildTaskCancelled:
    """A part is no longer needed."""
    return ChildTaskCancelled(
        issue_id=issue.id,
        task_id=task.id,
        number=issue.number,
        category=issue.category,
        organisation=task.organisation,
        cancelled_by=by.person,
        responsible_organisation=lead_of(issue),
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
        await publish_to_followers(issue, uow)


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
        await publish_to_followers(issue, uow)


async def publish_closed(issue: Issue, by: Principal, uow: IssuesUnitOfWork) -> None:
    """Tell that the issue is finished, with its outcome."""
    if issue.outcome is not None:
        await uow.publish(IssueClosed(**about(issue), outcome=issue.outcome, closed_by=by.person))
        await publish_to_followers(issue, uow)


async def publish_reopened(issue: Issue, by: Principal, uow: IssuesUnitOfWork) -> None:
    """Tell that it was not solved: the responsible organisation, the reporter and the office hear of the next round."""
    await uow.publish(IssueReopened(**about(issue), round=issue.round, reopened_by=by.person))
    await publish_to_followers(issue, uow)


async def publish_to_followers(issue: Issue, uow: IssuesUnitOfWork) -> None:
    """Tell those who follow the issue to what state it came. Without followers this asks nobody."""
    if issue.joined == 0:
        return
    followers = await uow.followers.of(issue.id)
    for first in range(0, len(followers), FOLLOWERS_PER_MESSAGE):
        await uow.publish(
            FollowedIssueMoved(
                issue_id=issue.id,
                number=issue.number,
                category=issue.category,
                state=issue.state,
                outcome=issue.outcome,
                follower_ids=followers[first : first + FOLLOWERS_PER_MESSAGE],
            )
        )
