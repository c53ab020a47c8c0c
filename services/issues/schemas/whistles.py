"""What callers read about whistles."""

from datetime import date, datetime
from uuid import UUID

import segno
from pydantic import Field

from services.issues.domain.called_unit import CalledUnit, WhistleRating
from services.issues.domain.whistle import Whistle
from services.issues.domain.whistle_history import WhistleEntry
from services.issues.domain.whistle_steps import STEPS, step_refusal
from services.issues.domain.words.vocabulary import words
from services.issues.domain.words.whistles import ArrivalProof, UnitState, WhistleLevel, WhistleState, WhistleVerb
from services.issues.schemas.issue_views import Label, View
from services.issues.use_cases.show_place_code import PlaceCode
from shared.principal import Principal


class StepView(View):
    """A step, and whether the caller can take it now; if not, why."""

    verb: WhistleVerb
    label: Label
    allowed: bool
    reason: Label | None


class WhistleRatingView(View):
    """What one side said of the other."""

    score: int
    comment: str | None
    at: datetime

    @classmethod
    def of(cls, rating: WhistleRating | None) -> "WhistleRatingView | None":
        """The rating, if there is one."""
        if rating is None:
            return None
        return cls.model_construct(score=rating.score, comment=rating.comment, at=rating.at)


class ArrivalClockView(View):
    """到场时钟 T6。When somebody of the unit must be there, and when somebody was."""

    started_at: datetime
    due_at: datetime
    rule: Label
    stopped_at: datetime | None
    minutes: int | None
    missed_at: datetime | None


class CalledUnitView(View):
    """A called unit. Texts and persons are null for other units, which see only where it stands."""

    organisation: UUID
    state: UnitState
    state_label: Label
    clock: ArrivalClockView
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    arrived_by: UUID | None
    arrival_proof: ArrivalProof | None
    arrival_place: str | None
    refused_at: datetime | None
    refusal: str | None
    done_at: datetime | None
    result: str | None
    released_at: datetime | None
    release_reason: str | None
    rating_of_unit: WhistleRatingView | None
    rating_by_unit: WhistleRatingView | None
    allowed_actions: list[StepView]

    @classmethod
    def of(cls, whistle: Whistle, unit: CalledUnit, by: Principal) -> "CalledUnitView":
        """The unit as this person may see it."""
        full = whistle.reads_all_of(unit, by)
        return cls.model_construct(
            organisation=unit.organisation,
            state=unit.state,
            state_label=Label.of(words(unit.state)),
            clock=ArrivalClockView.model_construct(
                started_at=whistle.blown_at,
                due_at=unit.due_at,
                rule=Label.of(words(whistle.level)),
                stopped_at=unit.arrived_at or unit.released_at,
                minutes=unit.minutes_to_arrive(whistle.blown_at),
                missed_at=unit.missed_at,
            ),
            acknowledged_at=unit.acknowledged_at,
            acknowledged_by=unit.acknowledged_by if full else None,
            arrived_by=unit.arrived_by if full else None,
            arrival_proof=unit.arrival_proof,
            arrival_place=unit.arrival_place if full else None,
            refused_at=unit.refused_at,
            refusal=unit.refusal if full else None,
            done_at=unit.done_at,
            result=unit.result if full else None,
            released_at=unit.released_at,
            release_reason=unit.release_reason if full else None,
            rating_of_unit=WhistleRatingView.of(unit.rating_of_unit) if full else None,
            rating_by_unit=WhistleRatingView.of(unit.rating_by_unit) if full else None,
            allowed_actions=[_step(whistle, unit, verb, by) for verb in STEPS],
        )


class WhistleView(View):
    """吹哨。A whistle with every unit it calls."""

    id: UUID
    issue_id: UUID
    issue_number: str = Field(examples=["FCC-2026-000123"])
    category: str
    level: WhistleLevel
    level_label: Label
    why: str
    place: str
    state: WhistleState
    state_label: Label
    missed: bool
    blown_by: UUID
    blown_at: datetime
    ended_at: datetime | None
    units: list[CalledUnitView]
    version: int

    @classmethod
    def of(cls, whistle: Whistle, by: Principal) -> "WhistleView":
        """The whistle as this person may see it."""
        return cls.model_construct(
            id=whistle.id,
            issue_id=whistle.issue_id,
            issue_number=whistle.issue_number,
            category=whistle.category,
            level=whistle.level,
            level_label=Label.of(words(whistle.level)),
            why=whistle.why,
            place=whistle.place,
            state=whistle.state,
            state_label=Label.of(words(whistle.state)),
            missed=whistle.is_missed,
            blown_by=whistle.blown_by,
            blown_at=whistle.blown_at,
            ended_at=whistle.ended_at,
            units=[CalledUnitView.of(whistle, unit, by) for unit in whistle.units],
            version=whistle.version,
        )


class UnitSummary(View):
    """Where a unit of a listed whistle stands."""

    organisation: UUID
    state: UnitState
    due_at: datetime
    arrived_at: datetime | None
    missed_at: datetime | None


class WhistleSummary(View):
    """A whistle in a list."""

    id: UUID
    issue_id: UUID
    issue_number: str
    category: str
    level: WhistleLevel
    place: str
    state: WhistleState
    missed: bool
    blown_at: datetime
    ended_at: datetime | None
    units: list[UnitSummary]
    version: int


class WhistleEntryView(View):
    """Something that happened to a whistle."""

    verb: WhistleVerb
    label: Label
    organisation: UUID | None
    by: UUID
    at: datetime
    note: str | None
    details: dict[str, str | int]

    @classmethod
    def of(cls, entry: WhistleEntry) -> "WhistleEntryView":
        """The entry."""
        return cls.model_construct(
            verb=entry.verb,
            label=Label.of(words(entry.verb)),
            organisation=entry.organisation,
            by=entry.by,
            at=entry.at,
            note=entry.note,
            details=dict(entry.details),
        )


class PlaceCodeView(View):
    """现场码，显示为二维码供到场人员扫描。A code to show at the place as a QR code."""

    code: str
    valid_until: datetime
    svg: str = Field(description="二维码图形。The same as a QR code, SVG")

    @classmethod
    def of(cls, shown: PlaceCode) -> "PlaceCodeView":
        """The code with its picture."""
        picture = segno.make(shown.code, error="m", micro=False).svg_inline(scale=6, omitsize=False)
        return cls.model_construct(code=shown.code, valid_until=shown.valid_until, svg=picture)


class UnitArrivals(View):
    """How a unit answered: never a median without n."""

    organisation: UUID
    name: str
    called: int = Field(description="被呼叫次数。How often it was called")
    excluded: int = Field(description="未到时限即解除，不计。Released before the time was up; not counted")
    pending: int = Field(description="时限未到、尚未到场。Still awaited, in time")
    arrived: int = Field(description="到场次数（含迟到）。Arrivals, late ones included")
    in_time: int
    missed: int
    median_minutes: int | None = Field(description="到场用时中位数，样本数为 arrived。Median over `arrived`")


class ArrivalStatistics(View):
    """到场统计。Arrivals of each unit that was called in the period."""

    since: date
    until: date
    level: WhistleLevel | None
    units: list[UnitArrivals]


def _step(whistle: Whistle, unit: CalledUnit, verb: WhistleVerb, by: Principal) -> StepView:
    refused = step_refusal(whistle, unit, verb, by)
    return StepView.model_construct(
        verb=verb,
        label=Label.of(words(verb)),
        allowed=refused is None,
        reason=Label.of(refused.reason) if refused else None,
    )
