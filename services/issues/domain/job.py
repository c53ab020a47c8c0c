"""Long work (任务): exports, evidence packs, rebuilds. A worker holds it by a lease; whoever loses the lease has done nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.issues.domain.errors.jobs import FileGone, JobNotDone, JobOver
from services.issues.domain.words.jobs import JobFailure, JobKind, JobState

LEASE = timedelta(seconds=60)
"""Renewed with every bit of progress; a job of a process that died is taken over after it."""
KEPT = timedelta(hours=24)
"""How long a finished file can be downloaded."""
MOST_ATTEMPTS = 5
MOST_ROWS = 50_000
MOST_BYTES = 32 * 1024 * 1024
ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED})


@dataclass(frozen=True, slots=True)
class JobFile:
    """The file that came of it."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(slots=True, kw_only=True)
class Job:
    """One piece of long work of one community."""

    id: UUID
    kind: JobKind
    asked_by: UUID
    asked_at: datetime
    wanted: Mapping[str, Any]
    """What exactly: filter or period, as plain values."""
    unmasked: bool = False
    purpose: str | None = None
    """Why personal data is needed unmasked; kept for ever."""
    state: JobState = JobState.QUEUED
    rows_done: int = 0
    rows_total: int | None = None
    attempts: int = 0
    lease: UUID | None = None
    leased_until: datetime | None = None
    failure: JobFailure | None = None
    finished_at: datetime | None = None
    file: JobFile | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1

    @property
    def expires_at(self) -> datetime | None:
        """Until when the file is there."""
        return self.finished_at + KEPT if self.file is not None and self.finished_at is not None else None

    def can_be_claimed(self, at: datetime) -> bool:
        """Whether it waits for a worker, or its worker has not been heard of."""
        lost = self.state is JobState.RUNNING and self.leased_until is not None and self.leased_until < at
        return self.state is JobState.QUEUED or lost

    def claim(self, lease: UUID, at: datetime) -> bool:
        """Take it; it begins anew. False when it is not there to be taken, or was tried too often (then it has failed)."""
        if not self.can_be_claimed(at):
            return False
        if self.attempts >= MOST_ATTEMPTS:
            self.fail(JobFailure.GAVE_UP, at)
            return False
        self.state, self.lease, self.leased_until = JobState.RUNNING, lease, at + LEASE
        self.attempts += 1
        self.rows_done, self.rows_total = 0, None
        return True

    def is_held(self, lease: UUID) -> bool:
        """Whether this worker still holds it: nobody took it over and nobody cancelled it."""
        return self.state is JobState.RUNNING and self.lease == lease

    def progress(self, done: int, total: int | None, at: datetime) -> None:
        """Note how far it is; that also renews the lease."""
        self.rows_done, self.rows_total, self.leased_until = done, total, at + LEASE

    def finish(self, at: datetime, file: JobFile | None = None, result: Mapping[str, Any] | None = None) -> None:
        """It is done."""
        self.state, self.finished_at, self.file, self.result = JobState.DONE, at, file, result or {}
        self.leased_until = None

    def fail(self, why: JobFailure, at: datetime) -> None:
        """It cannot be done."""
        self.state, self.failure, self.finished_at, self.leased_until = JobState.FAILED, why, at, None

    def cancel(self, at: datetime) -> None:
        """Whoever asked no longer wants it. Raises JobOver."""
        if self.state in ENDED:
            raise JobOver
        self.state, self.finished_at, self.leased_until = JobState.CANCELLED, at, None

    def expire(self) -> None:
        """Its file is taken away."""
        self.state, self.file = JobState.EXPIRED, None

    def file_at(self, at: datetime) -> JobFile:
        """The file, as long as it is there. Raises JobNotDone and FileGone."""
        if self.state is JobState.EXPIRED or (self.expires_at is not None and self.expires_at <= at):
            raise FileGone
        if self.file is None:
            raise JobNotDone
        return self.file
