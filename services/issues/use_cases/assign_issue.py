"""Assign an issue outside of a meeting: record, responsible organisation, deadline and plan, all four."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.assignment import Assignment
from services.issues.domain.issue import Issue
from services.issues.domain.routing import choice
from services.issues.domain.words.issues import Verb
from services.issues.domain.words.meetings import Decision
from services.issues.facts import publish_assigned
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.settle_agenda_item import settle_agenda_item
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AssignIssue:
    """Which issue, and the four."""

    issue_id: UUID
    record: str
    responsible_organisation: UUID
    deadline: datetime
    plan: str
    by: Principal
    other_unit_reason: str | None = None
    expected_version: int | None = None


@one_transaction
async def assign_issue(command: AssignIssue, uow: IssuesUnitOfWork) -> Issue:
    """Make one organisation responsible."""
    by, now = command.by, uow.now()
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    await uow.directory.check_organisation(command.responsible_organisation)
    assignment = Assignment(command.record, command.responsible_organisation, command.deadline, command.plan)
    before = issue.state
    issue.refuse_unless_possible(Verb.ASSIGN, by, now)
    suggestion = await uow.routing.suggestion(issue.category, issue.place, now)
    routed = choice(suggestion, assignment.responsible_organisation, command.other_unit_reason)
    issue.assign(assignment, by=by, at=now, routed=routed)
    await settle_agenda_item(issue, before, Decision.ASSIGNED, by=by, uow=uow)
    await uow.issues.save(issue)
    await publish_assigned(issue, uow)
    return issue
