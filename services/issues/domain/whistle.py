"""The whistle (吹哨报到): the community calls named units to a place, and each of them answers for itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.issues.domain.called_unit import CalledUnit, WhistleRating
from services.issues.domain.errors.issues import ConflictOfInterest, NotTheirStep
from services.issues.domain.errors.whistles import (
    RatedAlready,
    UnitNamedTwice,
    UnitNotCalled,
    UnitNotNamed,
    WhistleNotFound,
    WhistleStepRefused,
)
from services.issues.domain.issue import DISPUTE_READERS, Issue
from services.issues.domain.refusals import RefusalKind
from services.issues.domain.whistle_clock import WorkingTime, arrival_due
from services.issues.domain.whistle_history import WhistleEntry
from services.issues.domain.whistle_steps import OFFICE, STEPS, Caller, answers_for, step_refusal
from services.issues.domain.words.issues import IssueKind
from services.issues.domain.words.vocabulary import words
from services.issues.domain.words.whistles import ArrivalProof, Side, UnitState, WhistleLevel, WhistleState, WhistleVerb
from shared.ids import new_id
from shared.principal import Principal, Role

READERS = DISPUTE_READERS | {Role.GRID_WORKER}
"""Who reads every whistle of the community; whistles about disputes are read by fewer."""


@dataclass(slots=True, kw_only=True)
class Whistle:
    """One call. `happened` holds the history not yet stored."""

    id: UUID
    issue_id: UUID
    issue_number: str
    issue_kind: IssueKind
    category: str
    level: WhistleLevel
    why: str
    place: str
    blown_by: UUID
    blown_at: datetime
    units: tuple[CalledUnit, ...]
    state: WhistleState = WhistleState.SOUNDING
    ended_at: datetime | None = None
    version: int = 1
    happened: list[WhistleEntry] = field(default_factory=list)

    @classmethod
    def blow(
        cls,
        *,
        issue: Issue,
        level: WhistleLevel,
        why: str,
        place: str,
        units: Sequence[UUID],
        due_at: datetime,
        by: Principal,
        at: datetime,
    ) -> "Whistle":
        """Call these units for an issue."""
        twice = {f"units[{n}]": ("重复", "named twice") for n, unit in enumerate(units) if unit in units[:n]}
        if twice:
            raise UnitNamedTwice(fields=twice)
        whistle = cls(
            id=new_id(),
            issue_id=issue.id,
            issue_number=issue.number,
            issue_kind=issue.kind,
            category=issue.category,
            level=level,
            why=why,
            place=place,
            blown_by=by.person,
            blown_at=at,
            units=tuple(CalledUnit(organisation=unit, due_at=due_at) for unit in units),
        )
        whistle._note(WhistleVerb.BLOW, None, by.person, at, note=why)
        return whistle

    @property
    def is_missed(self) -> bool:
        """Whether a unit missed its arrival."""
        return any(unit.missed_at is not None for unit in self.units)

    def visible_to(self, by: Principal) -> bool:
        """Whether a person may read this whistle: the office, the called units, and the subdistrict once one missed its arrival."""
        readers = DISPUTE_READERS if self.issue_kind is IssueKind.DISPUTE else READERS
        if by.roles & readers or (self.is_missed and Role.SUBDISTRICT_OFFICER in by.roles):
            return True
        return any(answers_for(unit.organisation, by) for unit in self.units)

    def check_visible_to(self, by: Principal) -> None:
        """Raise WhistleNotFound for a person who may not see it."""
        if not self.visible_to(by):
            raise WhistleNotFound

    def check_sounding(self) -> None:
        """Raise WhistleStepRefused once the whistle is over."""
        if self.state is not WhistleState.SOUNDING:
            here = words(self.state)
            raise WhistleStepRefused(f"哨声{here.zh}", f"The whistle is {here.en}")

    def reads_all_of(self, unit: CalledUnit, by: Principal) -> bool:
        """Whether a person reads what was said with and about this unit; other units see only where it stands."""
        return bool(by.roles & (READERS | {Role.SUBDISTRICT_OFFICER})) or answers_for(unit.organisation, by)

    def unit(self, organisation: UUID | None, by: Principal) -> CalledUnit:
        """The unit that is meant: the named one, or the only one for which this person answers."""
        if organisation is not None:
            found = [unit for unit in self.units if unit.organisation == organisation]
            if not found:
                raise UnitNotCalled
            return found[0]
        mine = [unit for unit in self.units if answers_for(unit.organisation, by)]
        if len(mine) != 1:
            raise UnitNotNamed
        return mine[0]

    def acknowledge(self, organisation: UUID | None, *, by: Principal, at: datetime) -> CalledUnit:
        """A person of a unit has heard the whistle. This is not arriving."""
        unit = self._take(WhistleVerb.ACKNOWLEDGE, organisation, by, at)
        unit.acknowledge(by.person, at)
        return unit

    def refuse(self, organisation: UUID | None, reason: str, *, by: Principal, at: datetime) -> CalledUnit:
        """A unit does not come and says why."""
        unit = self._take(WhistleVerb.REFUSE, organisation, by, at, note=reason)
        unit.refuse(reason, by.person, at)
        return unit

    def report_in(
        self, organisation: UUID | None, *, place: str | None, with_code: bool, by: Principal, at: datetime
    ) -> CalledUnit:
        """A person of a unit is at the place: proven by the code shown there, or declared until the office confirms it."""
        proof = ArrivalProof.CODE if with_code else ArrivalProof.DECLARED
        unit = self._take(WhistleVerb.REPORT_IN, organisation, by, at, note=place, proof=proof.value)
        unit.report_in(proof, place, by.person, at)
        return unit

    def confirm(self, organisation: UUID, *, by: Principal, at: datetime) -> CalledUnit:
        """The office saw the unit at the place."""
        unit = self._take(WhistleVerb.CONFIRM, organisation, by, at)
        unit.confirm(by.person)
        return unit

    def reject(self, organisation: UUID, reason: str, *, by: Principal, at: datetime) -> CalledUnit:
        """The office did not see the unit that says it was there."""
        unit = self._take(WhistleVerb.REJECT, organisation, by, at, note=reason)
        unit.reject()
        return unit

    def note(self, organisation: UUID | None, text: str, *, by: Principal, at: datetime) -> None:
        """Write down what is being done. The office may note on the whistle as a whole."""
        if organisation is None and by.roles & OFFICE:
            self.check_sounding()
            self._note(WhistleVerb.NOTE, None, by.person, at, note=text)
            return
        self._take(WhistleVerb.NOTE, organisation, by, at, note=text)

    def finish(self, organisation: UUID | None, result: str, *, by: Principal, at: datetime) -> CalledUnit:
        """A unit is done. The whistle closes with the last one."""
        unit = self._take(WhistleVerb.DONE, organisation, by, at, note=result)
        unit.finish(result, by.person, at)
        self._close_after_the_last(by, at)
        return unit

    def release(self, organisation: UUID, reason: str, *, by: Principal, at: datetime) -> CalledUnit:
        """The office needs a unit no more."""
        unit = self._take(WhistleVerb.RELEASE, organisation, by, at, note=reason)
        unit.release(reason, by.person, at)
        self._close_after_the_last(by, at)
        return unit

    def cancel(self, reason: str, *, by: Principal, at: datetime) -> tuple[CalledUnit, ...]:
        """The office takes the whistle back; answers the units that were still called."""
        self.check_sounding()
        if not by.roles & OFFICE:
            raise NotTheirStep
        left = tuple(unit for unit in self.units if unit.is_unfinished())
        for unit in left:
            unit.release(reason, by.person, at)
        self._note(WhistleVerb.CANCEL, None, by.person, at, note=reason)
        self.state, self.ended_at = WhistleState.CANCELLED, at
        return left

    def miss(self, organisation: UUID, *, by: Principal, at: datetime) -> CalledUnit | None:
        """Note that a unit is not there in time; None when there is nothing to note. A late unit can still come."""
        unit = next((unit for unit in self.units if unit.organisation == organisation), None)
        if unit is None or self.state is not WhistleState.SOUNDING or not unit.is_overdue(at):
            return None
        unit.missed_at = at
        self._note(WhistleVerb.MISS, organisation, by.person, at, due_at=unit.due_at.isoformat())
        return unit

    def follow_calendar(self, working: WorkingTime) -> bool:
        """Move the arrivals that are still awaited to where the calendar puts them now; whether any moved. A miss stays a miss."""
        due_at, moved = arrival_due(self.level, self.blown_at, working), False
        for unit in self.units:
            if unit.is_awaited() and unit.missed_at is None and unit.due_at != due_at:
                unit.due_at, moved = due_at, True
        return moved

    def awaited_until(self, organisation: UUID, at: datetime) -> CalledUnit | None:
        """The unit, if the whistle sounds, nobody of it is there and its time is not up yet."""
        for unit in self.units:
            running = self.state is WhistleState.SOUNDING and unit.is_awaited() and at < unit.due_at
            if unit.organisation == organisation and running:
                return unit
        return None

    def rate(
        self, organisation: UUID | None, score: int, comment: str | None, *, by: Principal, at: datetime
    ) -> tuple[CalledUnit, Side]:
        """The community rates a unit, or a unit the community: each once, after the work of that unit."""
        unit = self.unit(organisation, by)
        side = Side.UNIT if answers_for(unit.organisation, by) else Side.COMMUNITY
        given = unit.rating_by_unit if side is Side.UNIT else unit.rating_of_unit
        if given is not None:
            raise RatedAlready
        self._take(WhistleVerb.RATE, unit.organisation, by, at, note=comment, score=score, side=side.value)
        rating = WhistleRating(score, comment, by.person, at)
        if side is Side.UNIT:
            unit.rating_by_unit = rating
        else:
            unit.rating_of_unit = rating
        return unit, side

    def count(self, *states: UnitState) -> int:
        """How many units stand there."""
        return sum(1 for unit in self.units if unit.state in states)

    def _close_after_the_last(self, by: Principal, at: datetime) -> None:
        if not any(unit.is_unfinished() for unit in self.units):
            self.state, self.ended_at = WhistleState.CLOSED, at
            self._note(WhistleVerb.CLOSE, None, by.person, at)

    def _take(
        self,
        verb: WhistleVerb,
        organisation: UUID | None,
        by: Principal,
        at: datetime,
        *,
        note: str | None = None,
        **details: str | int,
    ) -> CalledUnit:
        """Take a step of the table for a unit and write it into the history; refused steps change nothing."""
        if (
            STEPS[verb].who is Caller.UNIT
            and organisation is None
            and not any(answers_for(unit.organisation, by) for unit in self.units)
        ):
            raise NotTheirStep
        unit = self.unit(organisation, by)
        refused = step_refusal(self, unit, verb, by)
        if refused is not None:
            error = {
                RefusalKind.STATE: WhistleStepRefused,
                RefusalKind.WHO: NotTheirStep,
                RefusalKind.INTEREST: ConflictOfInterest,
            }[refused.kind]
            raise error(refused.reason.zh, refused.reason.en)
        self._note(verb, unit.organisation, by.person, at, note=note, **details)
        return unit

    def _note(
        self,
        verb: WhistleVerb,
        organisation: UUID | None,
        by: UUID,
        at: datetime,
        *,
        note: str | None = None,
        **details: str | int,
    ) -> None:
        self.happened.append(WhistleEntry(new_id(), verb, organisation, by, at, note, details))
