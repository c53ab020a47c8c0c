"""Publish a wish: a reviewer puts a card on the wall that tells nobody's identity."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.wish import Wish
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import WishPublished
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PublishWish:
    """Without card texts the submitted ones are shown as they are."""

    wish_id: UUID
    by: UUID
    card_title: str | None = None
    card_text: str | None = None
    expected_version: int | None = None


@one_transaction
async def publish_wish(command: PublishWish, uow: VolunteersUnitOfWork) -> Wish:
    """Open a reviewed wish to be claimed."""
    wish = await uow.wishes.get(command.wish_id, expected_version=command.expected_version)
    wish.publish(card_title=command.card_title, card_text=command.card_text, by=command.by, at=uow.now())
    await uow.wishes.save(wish)
    await uow.publish(WishPublished(wish_id=wish.id, wished_by=wish.wished_by))
    return wish
