"""What one person proposes and another decides: deferral (挂账), extension (延期), and the decision on a dismissal."""

from dataclasses import replace
from datetime import datetime

from services.issues.domain.assignment import check_in_future
from services.issues.domain.errors.issues import TransitionRefused
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.issue.handling import Handling
from services.issues.domain.limits import check_review_date
from services.issues.domain.proposal import Deferral, Dismissal, Proposal
from services.issues.domain.words.issues import BroughtUp, ProposalKind, State, Verb
from shared.principal import Principal


class Proposing(Handling):
    """The second-person rule: nobody decides on their own proposal, nor on one of a unit through which they hold a role."""

    __slots__ = ()

    def propose_deferral(
        self, *, reason: str, review_at: datetime, historical: bool, by: Principal, at: datetime
    ) -> None:
        """It cannot be solved now: propose a day to look at it again. The subdistrict decides."""
        self.refuse_unless_possible(Verb.DEFER, by, at)
        check_review_date(review_at, at, historical=historical)
        kind = ProposalKind.DEFERRAL
        brought_up = BroughtUp.DEFERRAL_ASKED if self.brought_up is None else None
        self.take(
            Verb.DEFER,
            by,
            at,
            note=reason,
            kind=kind,
            review_at=review_at,
            historical=historical,
            brought_up=brought_up,
        )
        self.proposal = Proposal(kind=kind, reason=reason, by=by.person, at=at, until=review_at, historical=historical)
        self.brought_up = self.brought_up or brought_up

    def propose_extension(self, *, reason: str, until: datetime, by: Principal, at: datetime) -> None:
        """Ask for more time: once per round, before T3 ends. Another person decides."""
        self.refuse_unless_possible(Verb.EXTEND, by, at)
        check_in_future(until, at, "until")
        if self.solve_by is not None and until <= self.solve_by:
            raise DateNotInFuture(
                "新期限须晚于原期限",
                "The new end must be later than the old one",
                fields={"until": ("须晚于原期限", "must be later than the old end")},
            )
        kind = ProposalKind.EXTENSION
        self.take(Verb.EXTEND, by, at, note=reason, kind=kind, until=until, solve_by=self.solve_by)
        self.proposal = Proposal(kind=kind, reason=reason, by=by.person, at=at, until=until)
        self.extension_asked = True

    def approve(self, *, note: str | None, by: Principal, at: datetime) -> Proposal:
        """The second person agrees: the proposal takes effect. Answers what was decided."""
        proposal = self._decided(Verb.APPROVE, note, by, at)
        if proposal.kind is ProposalKind.DISMISSAL and proposal.reason_code is not None:
            self.dismissal = Dismissal(proposal.reason_code, proposal.refer_to or "")
        elif proposal.kind is ProposalKind.DEFERRAL and proposal.until is not None:
            self.end_pause(at)
            self.deferral = Deferral(proposal.until, at, proposal.historical)
        else:
            self.extended_to = proposal.until
        return proposal

    def refuse(self, *, reason: str, by: Principal, at: datetime) -> Proposal:
        """The second person does not agree: everything stays as it was. Answers what was decided."""
        return self._decided(Verb.REFUSE, reason, by, at)

    def review(self, *, review_at: datetime | None, note: str | None, by: Principal, at: datetime) -> None:
        """Look at a deferred matter again: it stays so until another day, or the work begins (no date)."""
        self.refuse_unless_possible(Verb.REVIEW, by, at)
        if review_at is None:
            self.take(Verb.REVIEW, by, at, targets=(State.IN_PROGRESS,), note=note, continued=False)
            self._end_deferral(at)
            return
        historical = self.deferral is not None and self.deferral.historical
        check_review_date(review_at, at, historical=historical)
        self.take(
            Verb.REVIEW,
            by,
            at,
            targets=(State.DEFERRED,),
            note=note,
            continued=True,
            review_at=review_at,
            historical=historical,
        )
        if self.deferral is not None:
            self.deferral = replace(self.deferral, review_at=review_at)

    def _decided(self, verb: Verb, note: str | None, by: Principal, at: datetime) -> Proposal:
        self.refuse_unless_possible(verb, by, at)
        proposal = self.proposal
        if proposal is None:
            raise TransitionRefused
        deferral = proposal.kind is ProposalKind.DEFERRAL
        self.take(
            verb,
            by,
            at,
            note=note,
            kind=proposal.kind,
            proposed_by=proposal.by,
            reason_code=proposal.reason_code,
            refer_to=proposal.refer_to,
            review_at=proposal.until if deferral else None,
            historical=proposal.historical if deferral else None,
            until=None if deferral else proposal.until,
        )
        return proposal

    def _end_deferral(self, at: datetime) -> None:
        """T3 stood still while T7 stood in its place."""
        if self.deferral is not None:
            self.paused += at - self.deferral.since
            self.deferral = None
            self.reckon_time_to_solve()
