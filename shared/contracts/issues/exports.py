"""Exports and other long work."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class JobFinished(Message, type="issues.job_finished.v1", aggregate="job_id"):
    """An export, an evidence pack or a rebuild is over; whoever asked for it can fetch the file until it expires."""

    job_id: UUID
    kind: str
    state: str
    rows: int
    unmasked: bool
    asked_by: UUID
    expires_at: datetime | None = None
