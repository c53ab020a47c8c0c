"""What came of it, and whether it is true: resolution, verification, call-backs, rating, another round."""

from datetime import datetime, timedelta

from services.issues.domain.errors.issues import NotReached
from services.issues.domain.issue.proposing import Proposing
from services.issues.domain.limits import TIME_TO_VERIFY
from services.issues.domain.resolution import Quantity, Rating, Resolution
from services.issues.domain.transitions import BACK_TO, BEFORE_THE_WORK
from services.issues.domain.words.issues import Level, Outcome, State, Verb
from shared.principal import Principal

REOPENED = tuple(state for state, _ in BACK_TO)


class Confirming(Proposing):
    """Closed only by the reporter's word, by somebody who has nothing to do with the work, or after nobody could be reached."""

    __slots__ = ()

    def resolve(
        self,
        *,
        outcome: Outcome,
        public_reply: str,
        level: Level,
        by: Principal,
        at: datetime,
        quantity: Quantity | None = None,
        verb: Verb = Verb.RESOLVE,
        reason: str | None = None,
        verify_by: datetime | None = None,
    ) -> None:
        """Say what came of it, in a reply that the reporter reads. From here the reporter confirms or sends it back."""
        on_the_spot = self.state in BEFORE_THE_WORK
        self.take(
            verb,
            by,
            at,
            note=public_reply,
            outcome=outcome,
            level=level,
            reason=reason,
            quantity_kind=quantity.kind if quantity else None,
            quantity=quantity.amount if quantity else None,
            on_the_spot=on_the_spot,
        )
        self.resolution = Resolution(public_reply, level, by.person, outcome, quantity)
        self.outcome, self.resolved_at = outcome, at
        self.verify_by = verify_by or at + TIME_TO_VERIFY

    def decline(self, *, outcome: Outcome, reason: str, public_reply: str, by: Principal, at: datetime) -> None:
        """A meeting does not take the matter up; the reporter gets a reply and may still answer "not solved"."""
        self.resolve(
            outcome=outcome,
            public_reply=public_reply,
            level=Level.COMMUNITY,
            by=by,
            at=at,
            verb=Verb.DECLINE,
            reason=reason,
        )

    def verify(self, *, note: str, by: Principal, at: datetime) -> None:
        """Somebody who holds no role in a unit that worked on it looked, and confirms the result."""
        self.take(Verb.VERIFY, by, at, note=note, outcome=self.outcome)
        self.closed_at = at

    def call_back(self, *, reached: bool, solved: bool | None, note: str | None, by: Principal, at: datetime) -> None:
        """Note an attempt to reach the reporter. What they say counts like their own answer: solved closes, not solved reopens."""
        self.refuse_unless_possible(Verb.CALL_BACK, by, at)
        if solved is not None and not reached:
            raise NotReached(fields={"solved": (NotReached.title_zh, NotReached.title_en)})
        targets = (State.RESOLVED,) if solved is None else (State.CLOSED,) if solved else REOPENED
        unanswered = self.unanswered + (solved is None)
        self.take(
            Verb.CALL_BACK,
            by,
            at,
            targets=targets,
            note=note,
            reached=reached,
            solved=solved,
            unanswered=unanswered,
        )
        self.unanswered = unanswered
        if solved:
            self.closed_at = at
        elif solved is False:
            self.begin_next_round(at)

    def close_unconfirmed(self, *, by: Principal, at: datetime) -> None:
        """T8 is over and three call-backs were not answered: closed, and never counted as solved."""
        self.take(Verb.CLOSE, by, at, outcome=Outcome.UNCONFIRMED, claimed=self.outcome)
        self.outcome, self.closed_at = Outcome.UNCONFIRMED, at

    def rate(self, *, solved: bool, satisfaction: int, comment: str | None, by: Principal, at: datetime) -> None:
        """The reporter's answer: "solved" closes the matter, "not solved" opens it for another round."""
        targets = (State.CLOSED,) if solved else REOPENED
        self.take(Verb.RATE, by, at, targets=targets, note=comment, solved=solved, satisfaction=satisfaction)
        self.rating = Rating(self.round, solved, satisfaction, comment, by.person, at)
        if not solved:
            self.begin_next_round(at)
            return
        self.closed_at = self.closed_at or at
        if self.outcome is Outcome.UNCONFIRMED and self.resolution is not None:
            self.outcome = self.resolution.outcome

    def reopen(self, *, note: str, by: Principal, at: datetime) -> None:
        """It was not solved after all: another round with whoever was responsible. The round before stays in the statistics."""
        self.take(Verb.REOPEN, by, at, targets=REOPENED, note=note, next_round=self.round + 1)
        self.begin_next_round(at)

    def begin_next_round(self, at: datetime) -> None:
        """A fresh T3 of half the tier, with fresh limits. What the last round was, its history tells."""
        self.round += 1
        self.outcome = self.resolution = self.resolved_at = self.closed_at = self.verify_by = None
        self.meeting_id = self.extended_to = self.waiting_since = None
        self.pauses = self.unanswered = 0
        self.paused = timedelta()
        self.extension_asked = False
        self.reopened_at = at
        self.reckon_time_to_solve()
