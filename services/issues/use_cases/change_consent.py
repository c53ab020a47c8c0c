"""Change consent: the reporter says anew what neighbours may see. A card that shows more is taken back at once."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain import card
from services.issues.domain.errors.issues import NotTheirStep
from services.issues.domain.issue import Issue
from services.issues.domain.words.publicity import Consent
from services.issues.facts import card_withdrawn
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ChangeConsent:
    """Which issue, and what may be shown."""

    issue_id: UUID
    consent: Consent
    by: Principal
    expected_version: int | None = None


@one_transaction
async def change_consent(command: ChangeConsent, uow: IssuesUnitOfWork) -> Issue:
    """Keep what the reporter allows."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    if issue.reported_by != by.person:
        raise NotTheirStep("只有诉求人本人可以决定是否公开", "Only the reporter decides what may be public")
    taken_back = card.change_consent(issue, command.consent, by=by, at=uow.now())
    await uow.issues.save(issue)
    if taken_back:
        await uow.publish(card_withdrawn(issue, by))
    return issue
