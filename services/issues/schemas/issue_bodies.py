"""What callers send about issues."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from services.issues.domain.place import Place
from services.issues.domain.words.issues import Level, Outcome, QuantityKind, Tier
from shared.http.bodies import ONE_LINE, SEVERAL_LINES, LineText, LongText, Moment, StrictBody

CategoryCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$", max_length=40)]
"""Code of a category, e.g. `street_light`."""
Unit = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=ONE_LINE, strip_whitespace=True)]
"""单元 of a building, e.g. `3单元`."""


class PlaceBody(StrictBody):
    """地点：小区、网格、楼栋、文字说明，至少一项。Where: at least one of compound, grid, building and words."""

    building_id: UUID | None = None
    text: LineText | None = None
    compound_id: UUID | None = Field(None, description="有楼栋时自动得出。Derived from the building")
    grid_id: UUID | None = Field(None, description="有楼栋时自动得出。Derived from the building")
    unit: Unit | None = None
    floor: Annotated[int, Field(ge=-9, le=200)] | None = None

    def place(self) -> Place:
        """The place as it was given."""
        return Place(self.building_id, self.text, self.compound_id, self.grid_id, self.unit, self.floor)


class AcceptBody(StrictBody):
    """受理并定级。The tier counts from registration."""

    tier: Tier
    note: LineText | None = None


class PlaceOnAgendaBody(StrictBody):
    """列入哪次会议。Which meeting."""

    meeting_id: UUID


class AssignBody(StrictBody):
    """四要素：记录、责任单位、时限、计划。All four."""

    record: LongText
    responsible_organisation: UUID
    deadline: Moment
    plan: LongText
    other_unit_reason: LineText | None = Field(
        None, description="派给派单规则建议以外的单位时必填。Needed where a routing rule suggests another organisation"
    )


class SignBody(StrictBody):
    """签收，无需填写。Nothing to fill in."""


class QuantityBody(StrictBody):
    """可计数的成果。A countable result."""

    kind: QuantityKind
    amount: Annotated[int, Field(ge=1, le=1_000_000)]


ResolvedOutcome = Literal[Outcome.SOLVED, Outcome.PARTLY_SOLVED, Outcome.EXPLAINED, Outcome.NOT_OURS]
"""Every outcome but `withdrawn`, which only the reporter can bring about."""


class ResolveBody(StrictBody):
    """办理结果与公开答复。What came of it, and the public reply."""

    outcome: ResolvedOutcome
    public_reply: LongText
    level: Level = Level.COMMUNITY
    quantity: QuantityBody | None = None


class RateBody(StrictBody):
    """评价：是否解决、满意度1–5。Solved or not, satisfaction from 1 to 5."""

    solved: bool
    satisfaction: Annotated[int, Field(ge=1, le=5)]
    comment: LongText | None = None


class WithdrawBody(StrictBody):
    """撤回。Why, if the reporter says so."""

    reason: LineText | None = None


ImportedText = Annotated[
    str, StringConstraints(min_length=1, max_length=20_000, pattern=SEVERAL_LINES, strip_whitespace=False)
]
"""Text of another system: kept exactly as it is, with its line breaks and full-width spaces."""
SourceId = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x20\x7f-\x9f]{1,64}$", max_length=64)]
"""Id of a matter in the system it came from."""


class ImportedRowBody(StrictBody):
    """一条外部留言。One matter as the other system had it."""

    model_config = ConfigDict(str_strip_whitespace=False, str_max_length=20_000)

    source_id: SourceId = Field(examples=["100026"])
    category: CategoryCode = Field(examples=["urban_construction"])
    place: LineText
    title: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE)] | None = None
    text: ImportedText
    reported_at: Moment
    reporter: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=ONE_LINE)] | None = None


class ImportBody(StrictBody):
    """一批外部留言：整批成功或整批不入库；重复导入不会产生重复诉求。A batch of one source, all or nothing, never twice."""

    source: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$", max_length=40)] = Field(
        examples=["citizen-messages"]
    )
    rows: Annotated[list[ImportedRowBody], Field(min_length=1, max_length=100)]
    dry_run: bool = False
