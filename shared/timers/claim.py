"""The proof that a timer rang once: its row is removed in the transaction of the effect."""

from dataclasses import dataclass, field

from shared.database.unit_of_work import UnitOfWork
from shared.timers.registry import Ring

CLAIM = """
DELETE FROM timers WHERE community = $1 AND kind = $2 AND subject = $3 AND key = $4 AND due_at = $5 RETURNING 1
"""
"""Waits for another transaction that removes or moves the same timer, and then finds it no more."""


class NothingToRing(Exception):
    """The timer rang elsewhere, was cancelled, or was set to another moment: do nothing."""


@dataclass(slots=True)
class TimerClaim:
    """The `once` of a unit of work that a timer started."""

    ring: Ring
    finished: bool = field(default=False, init=False)
    """True once the effect was written; it still has to be committed."""

    async def claim(self, uow: UnitOfWork) -> None:
        """Remove exactly this timer. Raises `NothingToRing` before anything happened."""
        ring = self.ring
        if await uow.fetch_row(CLAIM, ring.community, ring.kind, ring.subject, ring.key, ring.due_at) is None:
            if self.finished:
                raise RuntimeError("a ring gets one use case: this unit of work has committed its effect already")
            raise NothingToRing

    async def complete(self, uow: UnitOfWork, result: object) -> None:  # noqa: ARG002 - the shape of `once`
        """Nothing more to write: the claim is the proof."""
        self.finished = True
