"""Counts login attempts per account and per address in the database, so that neither a restart nor a second gateway resets them.

Each key is a leaky bucket stored as one moment: when it would be empty. An attempt pushes that moment further; once it lies
too far ahead, attempts are refused. Keys are hashes: the table names nobody.
"""

import hashlib
import math
from datetime import timedelta

from sqlalchemy import text

from services.gateway.domain.errors import TooManyLogins
from shared.clock import Clock
from shared.database.engine import Database

MINUTE = 60.0

TAKE = text(
    """
    INSERT INTO login_throttle AS known (key, full_until) VALUES (:key, CAST(:now AS timestamptz) + CAST(:drop AS interval))
    ON CONFLICT (key) DO UPDATE SET full_until = greatest(known.full_until, CAST(:now AS timestamptz)) + CAST(:drop AS interval)
    WHERE known.full_until <= CAST(:now AS timestamptz) + CAST(:room AS interval)
    RETURNING full_until
    """
)
LOOK = text("SELECT full_until FROM login_throttle WHERE key = :key")
GIVE_BACK = text("UPDATE login_throttle SET full_until = full_until - CAST(:drop AS interval) WHERE key = :key")
FORGET = text("DELETE FROM login_throttle WHERE full_until < CAST(:now AS timestamptz)")


class PostgresLoginThrottle:
    """At most so many wrong attempts a minute for an account, and for an address."""

    def __init__(self, database: Database, clock: Clock, *, per_account: int = 5, per_address: int = 20) -> None:
        self._database = database
        self._clock = clock
        self._per_account = per_account
        self._per_address = per_address

    async def reserve(self, login: str, address: str) -> None:
        """Count an attempt for the account and the address; refuses when there were too many."""
        now = self._clock.now()
        async with self._database.connected("BEGIN") as connection:
            for key, limit in self._keys(login, address):
                drop = timedelta(seconds=MINUTE / limit)
                taken = await connection.execute(
                    TAKE, {"key": key, "now": now, "drop": drop, "room": timedelta(seconds=MINUTE) - drop}
                )
                if taken.first() is None:
                    full_until = (await connection.execute(LOOK, {"key": key})).scalar_one()
                    wait = (full_until - now).total_seconds() - MINUTE + drop.total_seconds()
                    raise TooManyLogins(retry_after_seconds=max(1, math.ceil(wait)))

    async def forgive(self, login: str, address: str) -> None:
        """The attempt was right: take it off the count again."""
        async with self._database.connected("BEGIN") as connection:
            for key, limit in self._keys(login, address):
                await connection.execute(GIVE_BACK, {"key": key, "drop": timedelta(seconds=MINUTE / limit)})

    async def forget_old(self) -> None:
        """Delete keys whose bucket is empty."""
        async with self._database.connected("BEGIN") as connection:
            await connection.execute(FORGET, {"now": self._clock.now()})

    def _keys(self, login: str, address: str) -> tuple[tuple[bytes, int], ...]:
        # Always in this order, so that two logins never wait for each other in a circle.
        return (
            (hashlib.sha256(f"account {login}".encode()).digest(), self._per_account),
            (hashlib.sha256(f"address {address}".encode()).digest(), self._per_address),
        )
