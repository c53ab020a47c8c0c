"""Preview a card before reporting: what neighbours would see of a matter that is not on record yet."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.card import Draft, draft_of, reason_against
from services.issues.domain.issue import short_title
from services.issues.domain.words.issues import IssueKind
from services.issues.domain.words.publicity import Consent
from services.issues.domain.words.vocabulary import Words
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """A matter as it would be reported."""

    category: str
    building_id: UUID | None
    text: str
    consent: Consent
    title: str | None = None
    kind: IssueKind | None = None


@dataclass(frozen=True, slots=True)
class CardPreview:
    """The words of the card, and why there would be none."""

    kind: IssueKind
    draft: Draft
    against: Words | None


@one_transaction
async def preview_card(command: PreviewCard, uow: IssuesUnitOfWork) -> CardPreview:
    """Draft the card; nothing is kept."""
    category = await uow.directory.category(command.category)
    if command.building_id is not None:
        await uow.directory.check_building(command.building_id)
    kind = command.kind or category.kind
    draft = draft_of(command.title or short_title(command.text), command.text, command.consent)
    return CardPreview(kind, draft, reason_against(kind, category.code, command.consent))
