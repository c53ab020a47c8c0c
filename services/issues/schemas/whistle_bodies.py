"""What callers send about whistles."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.issues.domain.words.whistles import WhistleLevel
from shared.http.bodies import LineText, LongText, StrictBody

OfUnit = Annotated[
    UUID | None,
    Field(description="本人只在一个被呼叫单位任职时可省略。May be left out by who answers for one called unit only"),
]


class BlowBody(StrictBody):
    """吹哨：呼叫哪些单位、级别、事由、地点。Whom, how urgently, why and where."""

    units: Annotated[list[UUID], Field(min_length=1, max_length=20)]
    level: WhistleLevel
    why: LongText
    place: LineText


class AnswerBody(StrictBody):
    """响应。For which unit."""

    organisation: OfUnit = None


class RefuseBody(StrictBody):
    """拒绝，须有理由。A refusal with its reason."""

    organisation: OfUnit = None
    reason: LongText


class ReportInBody(StrictBody):
    """报到：位置，或现场二维码。Where; the code shown at the place if it was scanned."""

    organisation: OfUnit = None
    place: LineText | None = None
    place_code: Annotated[
        str | None, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9._-]+$", examples=["1795608000.c2lnbmVk"])
    ] = None


class UnitBody(StrictBody):
    """确认到场。Which unit was seen."""

    organisation: UUID


class UnitReasonBody(StrictBody):
    """单位和理由。Which unit, and why."""

    organisation: UUID
    reason: LongText


class NoteBody(StrictBody):
    """办理情况。What is being done; the office may note on the whistle as a whole."""

    organisation: OfUnit = None
    text: LongText


class DoneBody(StrictBody):
    """办毕，写明结果。The result of the unit's work."""

    organisation: OfUnit = None
    result: LongText


class CancelBody(StrictBody):
    """撤哨理由。Why the whistle is taken back."""

    reason: LongText


class RateWhistleBody(StrictBody):
    """互评：1到5分，各一次。1 to 5, once for each side; the office names the unit."""

    organisation: OfUnit = None
    score: Annotated[int, Field(ge=1, le=5)]
    comment: LongText | None = None
