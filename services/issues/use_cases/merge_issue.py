"""Merge an issue into another open one of the same community: its reporter and followers follow that one."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.issue import Issue
from services.issues.domain.issue.intake import cannot_merge
from services.issues.domain.words.issues import Verb
from services.issues.facts import about, publish_to_followers
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueMerged
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class MergeIssue:
    """Which issue, and into which."""

    issue_id: UUID
    target_id: UUID
    by: Principal
    note: str | None = None
    expected_version: int | None = None


@one_transaction
async def merge_issue(command: MergeIssue, uow: IssuesUnitOfWork) -> Issue:
    """Close an issue as a duplicate and let its people follow the other one."""
    by, now = command.by, uow.now()
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.refuse_unless_possible(Verb.MERGE, by, now)
    try:
        target = await uow.issues.get(command.target_id, seen_by=by)
    except IssueNotFound as error:
        raise cannot_merge() from error
    issue.merge_into(target, note=command.note, by=by, at=now)
    # Both are saved, so that nobody finishes the target meanwhile; always in the same order, so that two merges do not wait in a circle.
    for one in sorted((issue, target), key=lambda one: one.id):
        await uow.issues.save(one)
    if issue.reported_by is not None and issue.reported_by != target.reported_by:
        await uow.followers.join(target.id, issue.reported_by, now)
    await uow.followers.move(issue.id, target.id, without=target.reported_by, at=now)
    await uow.publish(
        IssueMerged(**about(issue), target_id=target.id, target_number=target.number, merged_by=by.person)
    )
    await publish_to_followers(issue, uow)
    return issue
