"""The responsible organisation works on the matter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.issues.domain.assignment import Assignment, check_in_future
from services.issues.domain.errors.issues import TransitionRefused
from services.issues.domain.issue.intake import Intake
from services.issues.domain.limits import MOST_RETURNS, TIME_TO_ANSWER, TIME_TO_SIGN
from services.issues.domain.words.issues import BroughtUp, State, Verb
from services.issues.domain.words.vocabulary import words
from services.issues.domain.words.whistles import WhistleLevel
from shared.principal import Principal


class Handling(Intake):
    """Assigned, signed for or returned; and waiting for the reporter where something is not clear."""

    __slots__ = ()

    def assign(
        self,
        assignment: Assignment,
        *,
        by: Principal,
        at: datetime,
        sign_by: datetime | None = None,
        routed: Mapping[str, Any] | None = None,
    ) -> None:
        """Make one organisation responsible, with record, deadline and plan (all four). T5 starts.

        `routed` is what the routing rules suggested, and why another organisation was chosen.
        """
        self.refuse_unless_possible(Verb.ASSIGN, by, at)
        check_in_future(assignment.deadline, at, "deadline")
        organisation = assignment.responsible_organisation
        details = {"organisation": organisation, "deadline": assignment.deadline, **(routed or {})}
        self.take(Verb.ASSIGN, by, at, note=assignment.record, **details)
        self.assignment, self.assigned_at, self.signed_at = assignment, at, None
        self.sign_by, self.awaits_subdistrict = sign_by or at + TIME_TO_SIGN, False

    def sign(self, *, by: Principal, at: datetime) -> None:
        """The responsible organisation takes the matter over."""
        self.take(Verb.SIGN, by, at)
        self.signed_at, self.sign_by = at, None

    def return_(self, *, reason: str, by: Principal, at: datetime) -> None:
        """The organisation says that it is not theirs. The second time, the subdistrict decides."""
        brought_up = BroughtUp.RETURNED_TWICE if self.returns + 1 == MOST_RETURNS else None
        self.take(Verb.RETURN, by, at, note=reason, returns=self.returns + 1, brought_up=brought_up)
        self.returns += 1
        self.assignment = self.assigned_at = self.sign_by = None
        if brought_up is not None:
            self.brought_up, self.awaits_subdistrict = brought_up, True

    def whistle(self, *, level: WhistleLevel, why: str, units: int, by: Principal, at: datetime) -> None:
        """Units are called for it. Before anybody works on it, only a red whistle may be blown."""
        self.refuse_unless_possible(Verb.WHISTLE, by, at)
        if level is not WhistleLevel.RED and self.state is not State.IN_PROGRESS:
            here = words(self.state)
            raise TransitionRefused(
                f"诉求“{here.zh}”时只能吹红哨", f"While the issue is “{here.en}”, only a red whistle can be blown"
            )
        self.take(Verb.WHISTLE, by, at, note=why, level=level, units=units)

    def ask(self, *, question: str, by: Principal, at: datetime, answer_by: datetime | None = None) -> None:
        """Ask the reporter; until the answer, five days at most, T3 stands still."""
        self.refuse_unless_possible(Verb.ASK, by, at)
        answer_by = answer_by or at + TIME_TO_ANSWER
        self.take(Verb.ASK, by, at, note=question, pauses=self.pauses + 1, answer_by=answer_by)
        self.pauses += 1
        self.question, self.waiting_since, self.answer_by = question, at, answer_by

    def answer(self, *, answer: str, by: Principal, at: datetime) -> None:
        """The reporter answers; the work goes on."""
        self.take(Verb.ANSWER, by, at, note=answer)
        self.end_pause(at)

    def resume(self, *, by: Principal, at: datetime) -> None:
        """Nobody answered in five days; the work goes on without."""
        self.take(Verb.RESUME, by, at)
        self.end_pause(at)

    def end_pause(self, at: datetime) -> None:
        """T3 runs again, later by as long as it stood still."""
        if self.waiting_since is None:
            return
        self.paused += at - self.waiting_since
        self.question = self.waiting_since = self.answer_by = None
        self.reckon_time_to_solve()

    def bring_up(self, *, why: BroughtUp, by: Principal, at: datetime) -> None:
        """Bring the matter before the subdistrict: from here its officers see it."""
        self.take(Verb.BRING_UP, by, at, reason=why)
        self.brought_up = why

    def urge(self, *, note: str | None, by: Principal, at: datetime) -> None:
        """The reporter asks to hurry (催办)."""
        self.take(Verb.URGE, by, at, note=note)
        self.reporter_urged_at = at
