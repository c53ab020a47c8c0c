"""A small model of the state machine, written down from the rules of the method and not from the transition table.

Who may do what is said per verb in plain conditions; nothing here is imported from the domain but words.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

DAYS = {"danger": timedelta(hours=2), "utilities": timedelta(days=1), "general": timedelta(days=7)}
DAYS["complex"] = timedelta(days=15)
OPEN = ("registered", "accepted", "on_agenda", "assigned", "in_progress", "waiting", "deferred")


def chinese_day(at: datetime) -> date:
    """The day on which a moment falls in China."""
    return (at + timedelta(hours=8)).date()


@dataclass(frozen=True)
class Person:
    """What the model knows of somebody: roles, and the units through which they hold any role."""

    name: str
    roles: frozenset[str]
    units: frozenset[UUID] = frozenset()
    handles: UUID | None = None


@dataclass(frozen=True)
class Try:
    """A verb with what decides about its outcome."""

    verb: str
    solved: bool | None = None
    unit: UUID | None = None
    tier: str = "general"
    date: bool = False


@dataclass
class Model:
    """What must be known of an issue to say what can happen to it."""

    registered_at: datetime
    state: str = "registered"
    round: int = 1
    tier: str | None = None
    unit: UUID | None = None
    proposal: tuple[str, str] | None = None
    objected: bool = False
    brought_up: bool = False
    awaits_subdistrict: bool = False
    returns: int = 0
    pauses: int = 0
    waiting_since: datetime | None = None
    deferred_at: datetime | None = None
    stood: timedelta = timedelta()
    began: datetime | None = None
    extended: bool = False
    sign_until: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    closed_at: datetime | None = None
    unanswered: int = 0
    rated_round: int = 0
    promised_by: datetime | None = None
    deadline: datetime | None = None
    urged_on: date | None = None
    outcome: str | None = None
    claimed: str | None = None
    steps: int = field(default=1)

    def time_to_solve_ends(self) -> datetime | None:
        """T3: from registration, or half of it from the last reopening, later by what it stood still."""
        if self.tier is None:
            return None
        if self.began is None:
            return self.registered_at + DAYS[self.tier] + self.stood
        return self.began + DAYS[self.tier] / 2 + self.stood

    def may(self, it: Try, who: Person, at: datetime) -> bool:  # noqa: PLR0911, PLR0912 - one case per verb
        """Whether this person may do this now."""
        verb, state, roles = it.verb, self.state, who.roles
        reporter, platform = who.name == "reporter", who.name == "platform"
        handler = self.unit is not None and who.handles == self.unit
        office = bool(roles & {"duty_officer", "secretary"})
        officer, chair = "duty_officer" in roles, "meeting_chair" in roles
        subdistrict = "subdistrict_officer" in roles and self.brought_up
        neutral = who.name != self.resolved_by and (self.unit is None or self.unit not in who.units)
        fresh = at <= (self.closed_at or self.resolved_at or at) + timedelta(days=14)
        was_resolved = self.claimed is not None and self.outcome != "withdrawn"
        ends = self.time_to_solve_ends()
        match verb:
            case "accept" | "dismiss":
                if verb == "accept":  # what is said at a meeting's table is taken in at once, by the platform
                    return state == "registered" and (officer or platform)
                return state == "registered" and officer and self.proposal is None
            case "change-category":
                return state in OPEN[:6] and officer
            case "contact":
                return state in OPEN and (office or "grid_worker" in roles or handler)
            case "object":
                return state == "dismissed" and reporter and not self.objected
            case "merge":
                return state in ("registered", "accepted") and officer
            case "place-on-agenda":
                allowed = officer or chair or platform or "centre_household" in roles
                return state in ("accepted", "in_progress") and allowed and not self.awaits_subdistrict
            case "postpone" | "decline":
                by_itself = platform and verb == "postpone"  # a meeting is called off: its matters go to the next
                return state == "on_agenda" and (officer or chair or by_itself)
            case "assign":
                if self.awaits_subdistrict:
                    return state == "accepted" and subdistrict
                return state in ("accepted", "on_agenda") and (officer or chair)
            case "sign":
                return state == "assigned" and handler
            case "return":
                in_time = self.sign_until is not None and at <= self.sign_until
                return state == "assigned" and handler and self.returns < 2 and in_time
            case "ask":
                return state == "in_progress" and handler and self.pauses < 2
            case "answer":
                return state == "waiting" and reporter
            case "resume":
                waited = self.waiting_since is not None and at >= self.waiting_since + timedelta(days=5)
                return state == "waiting" and platform and waited
            case "defer":
                return state == "in_progress" and handler and self.proposal is None
            case "extend":
                in_time = ends is not None and (self.waiting_since or at) < ends
                free = self.proposal is None and not self.extended
                return state in ("in_progress", "waiting") and handler and free and in_time
            case "approve" | "refuse":
                return self._may_decide(who, neutral=neutral, office=office, subdistrict=subdistrict)
            case "review":
                return state == "deferred" and (subdistrict or (handler and not it.date))
            case "resolve":
                on_the_spot = state in ("registered", "accepted", "on_agenda") and (officer or chair)
                return on_the_spot or (state == "in_progress" and handler)
            case "verify":
                return state == "resolved" and "verifier" in roles and neutral
            case "call-back":
                callers = office or bool(roles & {"grid_worker", "verifier"})
                return state == "resolved" and callers and neutral
            case "close":
                over = self.resolved_at is not None and at >= self.resolved_at + timedelta(days=3)
                return state == "resolved" and platform and over and self.unanswered >= 3
            case "rate":
                own = reporter and who.name != self.resolved_by and not handler
                later = state == "closed" and was_resolved and fresh and self.rated_round != self.round
                return own and (state == "resolved" or later)
            case "reopen":
                allowed = (reporter and fresh) or "verifier" in roles
                return state in ("resolved", "closed") and was_resolved and allowed
            case "withdraw":
                return (reporter and state in (*OPEN, "resolved")) or (officer and state in OPEN)
            case "urge":
                late = any(end is not None and end <= at for end in (self.promised_by, self.deadline))
                return reporter and state in OPEN and late and self.urged_on != chinese_day(at)
            case "whistle":  # the steps try a red one, which may be blown before anybody works on it
                return state in ("accepted", "assigned", "in_progress") and office
            case "bring-up":
                return platform and state in (*OPEN, "resolved") and state != "deferred" and not self.brought_up
        raise AssertionError(verb)

    def _may_decide(self, who: Person, *, neutral: bool, office: bool, subdistrict: bool) -> bool:
        if self.proposal is None or self.proposal[1] == who.name:
            return False
        kind, at_work = self.proposal[0], self.state in ("in_progress", "waiting")
        if kind == "dismissal":
            return self.state == "registered" and (office or "community_admin" in who.roles)
        return at_work and neutral and (subdistrict if kind == "deferral" else office)

    def take(self, it: Try, who: Person, at: datetime) -> None:  # noqa: PLR0912 - one case per verb
        """Do it."""
        verb = it.verb
        self.steps += 1
        match verb:
            case "accept":
                self.state, self.tier = "accepted", it.tier
            case "change-category":
                self.tier = it.tier if self.tier else None
            case "dismiss" | "defer" | "extend":
                self.proposal = ({"dismiss": "dismissal", "defer": "deferral"}.get(verb, "extension"), who.name)
                self.extended = self.extended or verb == "extend"
                self.brought_up = self.brought_up or verb == "defer"
            case "approve":
                self._approve(at)
            case "refuse":
                self.proposal = None
            case "object":
                self.state, self.objected = "registered", True
            case "merge" | "withdraw":
                self._stop_pause(at)
                self.state, self.closed_at = "closed", at
                self.outcome = "duplicate" if verb == "merge" else "withdrawn"
            case "place-on-agenda":
                self.state = "on_agenda"
            case "assign":
                self.state, self.unit, self.awaits_subdistrict = "assigned", it.unit, False
                self.sign_until, self.deadline = at + timedelta(hours=4), at + timedelta(days=3)
            case "sign":
                self.state = "in_progress"
            case "return":
                self.state, self.unit, self.returns = "accepted", None, self.returns + 1
                self.deadline = None
                self.awaits_subdistrict = self.returns == 2
                self.brought_up = self.brought_up or self.awaits_subdistrict
            case "ask":
                self.state, self.pauses, self.waiting_since = "waiting", self.pauses + 1, at
            case "answer" | "resume":
                self.state = "in_progress"
                self._stop_pause(at)
            case "review" if not it.date:
                self.state = "in_progress"
                self.stood += at - (self.deferred_at or at)
            case "resolve" | "decline":
                self.state, self.resolved_at, self.resolved_by = "resolved", at, who.name
                self.outcome = self.claimed = "solved" if verb == "resolve" else "explained"
            case "verify":
                self.state, self.closed_at = "closed", at
            case "close":
                self.state, self.closed_at, self.outcome = "closed", at, "unconfirmed"
            case "rate" | "call-back" | "reopen":
                self._answer(it, at)
            case "bring-up":
                self.brought_up = True
            case "urge":
                self.urged_on = chinese_day(at)
        lapses = {"dismissal": ("registered",)}
        if self.proposal and self.state not in lapses.get(self.proposal[0], ("in_progress", "waiting")):
            self.proposal = None

    def _approve(self, at: datetime) -> None:
        kind = self.proposal[0] if self.proposal else ""
        self.proposal = None
        if kind == "dismissal":
            self.state = "dismissed"
        elif kind == "deferral":
            self._stop_pause(at)
            self.state, self.deferred_at = "deferred", at

    def _answer(self, it: Try, at: datetime) -> None:
        if it.verb == "rate":
            self.rated_round = self.round
        if it.verb == "call-back" and it.solved is None:
            self.unanswered += 1
        elif it.solved and it.verb != "reopen":
            self.state, self.closed_at, self.outcome = "closed", self.closed_at or at, self.claimed
        else:
            self.state = "in_progress" if self.unit else "accepted" if self.tier else "registered"
            self.round, self.began, self.stood = self.round + 1, at, timedelta()
            self.pauses = self.unanswered = 0
            self.extended = False
            self.resolved_by = self.outcome = self.claimed = self.resolved_at = self.closed_at = None

    def _stop_pause(self, at: datetime) -> None:
        if self.waiting_since is not None:
            self.stood += at - self.waiting_since
            self.waiting_since = None
