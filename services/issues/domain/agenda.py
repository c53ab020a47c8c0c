"""One item of a meeting's agenda, and the four ways in which it leaves the meeting (practice 17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.assignment import Assignment, check_in_future
from services.issues.domain.errors.issues import IncompleteAssignment
from services.issues.domain.errors.meetings import ItemAlreadyDecided
from services.issues.domain.issue.private import DISPUTE_READERS
from services.issues.domain.words.issues import Outcome
from services.issues.domain.words.meetings import Decision, LinkKind
from services.issues.domain.words.vocabulary import Words
from shared.principal import Principal

FOUR: Mapping[str, Words] = {
    "record": Words("记录", "a record"),
    "responsible_organisation": Words("责任单位", "a responsible party"),
    "deadline": Words("时限", "a deadline"),
    "plan": Words("计划", "a plan"),
}
"""What an item needs to be assigned: 做好记录、划分责任、规定时限、做好计划."""


@dataclass(frozen=True, slots=True)
class Link:
    """An issue or event that an adopted idea leads to."""

    kind: LinkKind
    id: UUID


@dataclass(slots=True, kw_only=True)
class AgendaItem:
    """An issue under discussion. `concluded` means that its decision has taken effect on the issue."""

    id: UUID
    issue_id: UUID
    position: int
    placed_by: UUID
    placed_at: datetime
    record: str | None = None
    responsible_organisation: UUID | None = None
    deadline: datetime | None = None
    plan: str | None = None
    decision: Decision | None = None
    outcome: Outcome | None = None
    reason: str | None = None
    public_reply: str | None = None
    postponed_to: UUID | None = None
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    concluded: bool = False
    links: tuple[Link, ...] = ()
    minutes: str | None = None
    """What the live minutes say about it; counts as the record when none was written down apart."""
    private: bool = False
    """A quarrel or another matter that is private by construction; told by the issue itself."""

    def is_told_to(self, by: Principal) -> bool:
        """Whether a person reads what was said about it: of private matters, also those at the table read that they were there only."""
        return not self.private or bool(by.roles & DISPUTE_READERS)

    def is_open(self) -> bool:
        """Whether no decision has taken effect yet."""
        return not self.concluded

    def awaits_assignment(self) -> bool:
        """Whether closing the meeting will assign this item."""
        return self.decision is Decision.ASSIGNED and not self.concluded

    def note(self, record: str) -> None:
        """Write down what was said, before or without a decision."""
        self._refuse_if_concluded()
        self.record = record

    def agree(
        self,
        *,
        record: str | None,
        responsible_organisation: UUID | None,
        deadline: datetime | None,
        plan: str | None,
        by: UUID,
        at: datetime,
    ) -> None:
        """Agree on who does it, until when and how. Takes effect when the meeting closes; until then it may be agreed anew."""
        self._refuse_if_concluded()
        if deadline is not None:
            check_in_future(deadline, at, "deadline")
        self.record = record or self.record or self.minutes
        self.responsible_organisation = responsible_organisation or self.responsible_organisation
        self.deadline = deadline or self.deadline
        self.plan = plan or self.plan
        missing = self._missing(at)
        if missing:
            raise IncompleteAssignment(
                "缺少" + "、".join(lack.zh for lack in missing.values()),
                "Missing: " + ", ".join(lack.en for lack in missing.values()),
                fields={name: (f"缺少{lack.zh}", f"{lack.en} is missing") for name, lack in missing.items()},
            )
        self.decision, self.decided_by, self.decided_at = Decision.ASSIGNED, by, at

    def assignment(self) -> Assignment:
        """The agreed assignment, complete by construction."""
        record = self.record or self.minutes
        if record is None or self.responsible_organisation is None or self.deadline is None or self.plan is None:
            raise IncompleteAssignment
        return Assignment(record, self.responsible_organisation, self.deadline, self.plan)

    def assignment_of(self, assignment: Assignment, by: UUID, at: datetime) -> None:
        """Take over an assignment that the office made outside the meeting."""
        self.record, self.plan, self.deadline = assignment.record, assignment.plan, assignment.deadline
        self.responsible_organisation = assignment.responsible_organisation
        self.decided_by, self.decided_at = by, at

    def conclude(
        self,
        decision: Decision,
        by: UUID,
        at: datetime,
        *,
        outcome: Outcome | None = None,
        reason: str | None = None,
        public_reply: str | None = None,
        postponed_to: UUID | None = None,
        links: tuple[Link, ...] = (),
    ) -> None:
        """Take a decision that has its effect at once."""
        self._refuse_if_concluded()
        self.decision, self.decided_by, self.decided_at = decision, by, at
        self.outcome, self.reason, self.public_reply, self.postponed_to = outcome, reason, public_reply, postponed_to
        self.links, self.concluded = links, True

    def lacks(self, now: datetime) -> Mapping[str, Words]:
        """What keeps this item from leaving the meeting: nothing, or the parts of the four that are missing."""
        if self.concluded:
            return {}
        missing = self._missing(now)
        if missing or self.decision is Decision.ASSIGNED:
            return missing
        return {"decision": Words("结论", "a decision")}

    def _missing(self, now: datetime) -> dict[str, Words]:
        missing = {name: lack for name, lack in FOUR.items() if getattr(self, name) is None}
        if self.minutes is not None:
            missing.pop("record", None)
        if self.deadline is not None and self.deadline <= now:
            missing["deadline"] = FOUR["deadline"]
        return missing

    def _refuse_if_concluded(self) -> None:
        if self.concluded:
            raise ItemAlreadyDecided
