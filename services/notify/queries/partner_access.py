"""Where the subscriptions on NATS are: a view across communities, under the relay's role; their contents as the serving role."""

from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects import postgresql

from services.notify.domain.subscription import Subscription
from services.notify.storage.subscriptions import subscription_of
from services.notify.storage.tables import subscriptions
from shared.database.engine import Database
from shared.messaging.autocommit import autocommit

ON_NATS = text("SELECT id FROM subscriptions WHERE channel = 'nats'")
WHERE_IS = text("SELECT community FROM subscriptions WHERE id = :subscription AND channel = 'nats'").bindparams(
    bindparam("subscription", type_=postgresql.UUID(as_uuid=True))
)


async def subscriptions_on_nats(overview: Database) -> set[UUID]:
    """Every subscription that needs a consumer."""
    async with autocommit(overview) as connection:
        return set((await connection.execute(ON_NATS)).scalars())


async def subscription_on_nats(overview: Database, database: Database, subscription: UUID) -> Subscription | None:
    """The subscription as it is, wherever it belongs."""
    async with autocommit(overview) as connection:
        community: str | None = (await connection.execute(WHERE_IS, {"subscription": subscription})).scalar()
    if community is None:
        return None
    async with database.reading(community) as connection:
        statement = select(subscriptions).where(
            subscriptions.c.community == community, subscriptions.c.id == subscription
        )
        row = (await connection.execute(statement)).mappings().first()
    return subscription_of(row) if row else None
