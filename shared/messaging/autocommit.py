"""A connection of the pool on which each statement commits by itself, for bookkeeping of one statement."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.engine import Database
from shared.database.failures import raise_refusal


@asynccontextmanager
async def autocommit(database: Database) -> AsyncIterator[AsyncConnection]:
    """Take a connection for the block. Failures of the database are raised as `AppError`s."""
    try:
        async with database.engine.connect() as connection:
            yield connection
    except Exception as error:
        raise_refusal(error)
