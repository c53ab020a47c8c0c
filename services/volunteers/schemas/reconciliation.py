"""The answer of a check of the books."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class DifferenceView(BaseModel):
    """A figure that does not agree with the entries behind it."""

    finding: str
    subject: UUID | None
    expected: int
    found: int


class BrokenLinkView(BaseModel):
    """A transfer at which the chain is broken."""

    sequence: int
    transfer_id: UUID | None
    problem: str = Field(description="altered | rewritten | missing | unknown")


class ReconciliationView(BaseModel):
    """The books checked just now: every cached figure against its entries, every link of the chain."""

    checked_at: datetime
    sound: bool
    transfers: int
    entries: int
    accounts: int
    issued: int = Field(description="已发行且未收回的积分。Points issued and not taken back")
    on_accounts: int
    held: int
    owed: int
    head_sequence: int
    head_hash: str
    differences: list[DifferenceView]
    broken_links: list[BrokenLinkView]
