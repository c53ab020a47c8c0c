"""The history of an issue read as starts, stops and pauses of its clocks. Steps it does not know move nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.issues.domain.clocks.clock import Pause
from services.issues.domain.history import HistoryEntry
from services.issues.domain.words.clocks import ClockCode, PauseReason
from services.issues.domain.words.issues import ProposalKind, State, Tier, Verb

MOST_PAUSES = 2
"""Questions to the reporter stop T3 that often in a round; deferrals are approved by the subdistrict and always do."""
CONTACTS = frozenset({Verb.CONTACT, Verb.ASK, Verb.RESOLVE, Verb.DECLINE, Verb.CALL_BACK})
"""Steps in which staff speak to the reporter."""
DONE = frozenset({State.RESOLVED, State.CLOSED})
STANDS_STILL = {State.WAITING: PauseReason.QUESTION, State.DEFERRED: PauseReason.DEFERRAL}


@dataclass(slots=True)
class Run:
    """One clock from its start, with what is needed to find its end."""

    code: ClockCode
    round: int
    part: int
    started_at: datetime
    until: datetime | None = None
    """Where somebody set the end."""
    tier: Tier | None = None
    category: str = ""
    pauses: list[Pause] = field(default_factory=list)
    stopped_at: datetime | None = None
    stopped_by: Verb | None = None
    void: bool = False


class Timeline:
    """Reads the entries of one issue, oldest first."""

    def __init__(self, category: str, severity: Tier, registered_at: datetime) -> None:
        self.runs: list[Run] = []
        self.round = 1
        self._category, self._tier = category, severity
        self._registered_at = registered_at

    @classmethod
    def of(cls, category: str, severity: Tier, registered_at: datetime, history: Iterable[HistoryEntry]) -> "Timeline":
        """Read a whole history."""
        entries = sorted(history, key=lambda entry: (entry.at, entry.id))
        timeline = cls(_first_category(entries, category), severity, registered_at)
        for entry in entries:
            timeline.read(entry)
        return timeline

    def read(self, entry: HistoryEntry) -> None:
        """One step."""
        if entry.source is None:
            self._begin()
            return
        self._correct(entry)
        if entry.verb in CONTACTS:
            self._stop(ClockCode.CONTACT, entry)
        left_agenda = entry.source is State.ON_AGENDA and entry.target is not State.ON_AGENDA
        if left_agenda or entry.verb is Verb.POSTPONE:
            self._stop(ClockCode.DISCUSS, entry)
        if entry.verb is Verb.RATE:
            self._rated(entry)
        if entry.source is not entry.target:
            self._leave(entry)
            self._enter(entry)
        self._dates(entry)

    def _begin(self) -> None:
        for code in (ClockCode.ACCEPT, ClockCode.CONTACT, ClockCode.SOLVE):
            self._start(code, self._registered_at)

    def _correct(self, entry: HistoryEntry) -> None:
        """Tier and category, also of clocks that run: what they stood still stays."""
        tier, category = entry.details.get("tier"), entry.details.get("category")
        if entry.verb not in (Verb.ACCEPT, Verb.CHANGE_CATEGORY):
            return
        self._tier = Tier(tier) if tier in set(Tier) else self._tier
        self._category = str(category) if category else self._category
        for run in self.runs:
            if run.stopped_at is None:
                run.tier, run.category = self._tier, self._category

    def _leave(self, entry: HistoryEntry) -> None:
        if entry.source is State.REGISTERED:
            self._stop(ClockCode.ACCEPT, entry)
        if entry.source is State.ASSIGNED:
            self._stop(ClockCode.SIGN, entry)
        if entry.source in STANDS_STILL:
            self._resume(entry.at)
        if entry.source is State.DEFERRED:
            self._stop(ClockCode.REVIEW, entry)
        if entry.source is State.RESOLVED:
            self._stop(ClockCode.VERIFY, entry)
        if entry.source in DONE and entry.target not in DONE:
            self._next_round(entry)

    def _enter(self, entry: HistoryEntry) -> None:
        target = entry.target
        if target is State.ASSIGNED:
            self._start(ClockCode.SIGN, entry.at)
        elif target in STANDS_STILL:
            self._pause(entry.at, STANDS_STILL[target])
        elif target is State.RESOLVED:
            self._stop(ClockCode.SOLVE, entry)
            self._start(ClockCode.VERIFY, entry.at)
        elif target is State.CLOSED and entry.source is State.RESOLVED:
            if entry.verb is not Verb.RATE:
                self._start(ClockCode.RATE, entry.at)
        elif target in (State.CLOSED, State.DISMISSED):
            self._void(entry)
        elif target is State.REGISTERED and entry.source is State.DISMISSED:
            for code in (ClockCode.ACCEPT, ClockCode.CONTACT, ClockCode.SOLVE):
                self._start(code, entry.at)

    def _dates(self, entry: HistoryEntry) -> None:
        """Clocks whose end is a date that somebody set."""
        details = entry.details
        if entry.verb in (Verb.PLACE_ON_AGENDA, Verb.POSTPONE):
            self._start_until(ClockCode.DISCUSS, entry.at, details.get("discussed_at"))
        elif entry.target is State.DEFERRED and "review_at" in details:
            self._stop(ClockCode.REVIEW, entry)
            self._start_until(ClockCode.REVIEW, entry.at, details["review_at"])
        elif entry.verb is Verb.APPROVE and details.get("kind") == ProposalKind.EXTENSION:
            self._start_until(ClockCode.SOLVE, entry.at, details.get("until"))

    def _rated(self, entry: HistoryEntry) -> None:
        if self._running(ClockCode.RATE):
            self._stop(ClockCode.RATE, entry)
        elif entry.target is State.CLOSED and entry.source is State.RESOLVED:
            # Closed by the rating itself: the clock starts and is met in the same moment.
            self._start(ClockCode.RATE, entry.at)
            self._stop(ClockCode.RATE, entry)

    def _next_round(self, entry: HistoryEntry) -> None:
        self._stop(ClockCode.RATE, entry)
        self._stop(ClockCode.SOLVE, entry)
        self.round += 1
        self._start(ClockCode.SOLVE, entry.at)
        if entry.target is State.REGISTERED:
            self._start(ClockCode.ACCEPT, entry.at)

    def _start_until(self, code: ClockCode, at: datetime, until: object) -> None:
        if isinstance(until, str):
            self._start(code, at, datetime.fromisoformat(until))

    def _start(self, code: ClockCode, at: datetime, until: datetime | None = None) -> None:
        part = 1 + sum(run.code is code and run.round == self.round for run in self.runs)
        self.runs.append(Run(code, self.round, part, at, until, self._tier, self._category))

    def _running(self, *codes: ClockCode) -> list[Run]:
        return [run for run in self.runs if run.stopped_at is None and (not codes or run.code in codes)]

    def _stop(self, code: ClockCode, entry: HistoryEntry, *, void: bool = False) -> None:
        for run in self._running(code):
            run.stopped_at, run.stopped_by, run.void = entry.at, entry.verb, void
            _end_pause(run, entry.at)

    def _void(self, entry: HistoryEntry) -> None:
        """Withdrawn, merged, dismissed: all stop."""
        for run in self._running():
            self._stop(run.code, entry, void=True)

    def _pause(self, at: datetime, reason: PauseReason) -> None:
        for run in self._running(ClockCode.SOLVE):
            asked = sum(pause.reason is PauseReason.QUESTION for pause in run.pauses)
            if reason is PauseReason.DEFERRAL or asked < MOST_PAUSES:
                run.pauses.append(Pause(at, None, reason))

    def _resume(self, at: datetime) -> None:
        for run in self._running(ClockCode.SOLVE):
            _end_pause(run, at)


def _end_pause(run: Run, at: datetime) -> None:
    if run.pauses and run.pauses[-1].until is None:
        last = run.pauses[-1]
        run.pauses[-1] = Pause(last.since, at, last.reason)


def _first_category(entries: Sequence[HistoryEntry], category: str) -> str:
    """What it was reported as: later corrections say what they replaced."""
    for entry in entries:
        before = entry.details.get("from_category")
        if entry.verb is Verb.CHANGE_CATEGORY and before:
            return str(before)
    return category
