"""The office takes a matter in, corrects what it is, or finds that it does not belong here."""

from datetime import datetime
from uuid import UUID

from services.issues.domain.category import Category
from services.issues.domain.errors.issues import CannotMerge, NothingToChange
from services.issues.domain.issue.record import IssueRecord
from services.issues.domain.limits import TIME_TO_SOLVE
from services.issues.domain.platform import PLATFORM
from services.issues.domain.proposal import Proposal
from services.issues.domain.transitions import NOT_YET_RESOLVED
from services.issues.domain.words.issues import ContactWay, DismissalReason, Outcome, ProposalKind, Tier, Verb
from shared.principal import Principal


class Intake(IssueRecord):
    """From the receipt to the acceptance, with all that can be corrected later."""

    __slots__ = ()

    def accept(self, *, tier: Tier, by: Principal, at: datetime, note: str | None = None) -> None:
        """Take the matter in and say how fast it must be solved, counted from its registration."""
        self.take(Verb.ACCEPT, by, at, note=note, tier=tier)
        self.tier, self.accepted_at = tier, at
        self.reckon_time_to_solve()

    def mark_repeated(self, earlier: UUID, *, times: int, at: datetime) -> None:
        """The same happened here before and not long ago: the platform notes it, so that it comes on an agenda."""
        self.repeat_of = earlier
        self.record(Verb.MARK_REPEATED, PLATFORM, at, earlier=earlier, times=times)

    def change_category(
        self, *, category: Category | None, tier: Tier | None, by: Principal, at: datetime, note: str | None = None
    ) -> None:
        """Correct what it is about and how fast it must be solved. What T3 stood still is never forgotten."""
        self.refuse_unless_possible(Verb.CHANGE_CATEGORY, by, at)
        new_category = category.code if category is not None and category.code != self.category else None
        new_tier = tier if self.tier is not None and tier is not self.tier else None
        if new_category is None and new_tier is None:
            raise NothingToChange
        self.take(
            Verb.CHANGE_CATEGORY,
            by,
            at,
            note=note,
            category=new_category,
            from_category=self.category if new_category else None,
            tier=new_tier,
            from_tier=self.tier if new_tier else None,
        )
        if category is not None and new_category is not None:
            self.category, self.severity = category.code, category.tier
            self.kind = self.kind if self.is_private() else category.kind
        if new_tier is not None:
            self.tier = new_tier
            self.reckon_time_to_solve()

    def contact(self, *, way: ContactWay, note: str | None, by: Principal, at: datetime) -> None:
        """Note that staff spoke with the reporter (T2). The first time counts, later ones are kept beside it."""
        self.take(Verb.CONTACT, by, at, note=note, way=way, first=self.contacted_at is None)
        self.contacted_at = self.contacted_at or at

    def propose_dismissal(
        self, *, reason_code: DismissalReason, refer_to: str, reason: str, by: Principal, at: datetime
    ) -> None:
        """Propose not to take it in, with the right address to turn to. A second person decides."""
        kind = ProposalKind.DISMISSAL
        self.take(Verb.DISMISS, by, at, note=reason, kind=kind, reason_code=reason_code, refer_to=refer_to)
        self.proposal = Proposal(
            kind=kind, reason=reason, by=by.person, at=at, reason_code=reason_code, refer_to=refer_to
        )

    def object_(self, *, reason: str, by: Principal, at: datetime) -> None:
        """The reporter does not accept the dismissal: once, and the matter is registered again."""
        self.take(Verb.OBJECT, by, at, note=reason)
        self.objected_at, self.dismissal = at, None

    def merge_into(self, target: IssueRecord, *, note: str | None, by: Principal, at: datetime) -> None:
        """Close it as a duplicate of another open issue of the community; its reporter follows that one."""
        self.refuse_unless_possible(Verb.MERGE, by, at)
        if target.id == self.id or target.state not in NOT_YET_RESOLVED or target.is_confidential():
            raise cannot_merge()
        self.take(Verb.MERGE, by, at, note=note, target_id=target.id, target_number=target.number)
        self.merged_into, self.outcome, self.closed_at = target.id, Outcome.DUPLICATE, at

    def reckon_time_to_solve(self) -> None:
        """T3: from registration by tier, half of it from a reopening; what it stood still comes on top."""
        if self.tier is None:
            return
        time = TIME_TO_SOLVE[self.tier]
        start, length = (self.registered_at, time) if self.reopened_at is None else (self.reopened_at, time / 2)
        self.solve_by = start + length + self.paused


def cannot_merge() -> CannotMerge:
    """The refusal of a target that is finished, private, the issue itself, or not there."""
    return CannotMerge(
        "只能合并到本社区另一条未办结的诉求",
        "It can be merged only into another open issue of this community",
        fields={"target_id": ("须为另一条未办结的诉求", "must be another open issue")},
    )
