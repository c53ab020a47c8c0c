"""The reporter takes the matter back."""

from datetime import datetime

from services.issues.domain.errors.issues import ProofMissing
from services.issues.domain.issue.handling import Handling
from services.issues.domain.words.issues import Outcome, Verb
from shared.principal import Principal


class Ending(Handling):
    """Every open matter can be withdrawn by its reporter; by the office only with proof that the reporter wants it."""

    __slots__ = ()

    def withdraw(self, *, reason: str | None, by: Principal, at: datetime) -> None:
        """Close the matter because its reporter no longer wants it."""
        self.refuse_unless_possible(Verb.WITHDRAW, by, at)
        by_office = by.person != self.reported_by
        if by_office and not reason:
            raise ProofMissing(
                "代为撤回须填写依据",
                "Withdrawing for the reporter needs proof",
                fields={"reason": ("须填写撤回依据", "say what proves that the reporter withdrew it")},
            )
        self.take(Verb.WITHDRAW, by, at, note=reason, by_office=by_office)
        self.end_pause(at)
        self.outcome, self.closed_at, self.deferral = Outcome.WITHDRAWN, at, None
