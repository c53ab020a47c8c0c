"""Requests and services in the words of Open311 GeoReport v2. The gateway turns these into its XML and JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.issues.domain.category import Category
from services.issues.domain.open311 import Status
from services.issues.domain.place import Place
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.issue_bodies import CategoryCode
from services.issues.schemas.labels import View
from services.issues.use_cases.put_issue_on_record import ReportIssue
from shared.http.bodies import LineText, LongText, ShortText, StrictBody
from shared.principal import Principal


class ServiceView(View):
    """A category as a service. Posting is `realtime`: the number comes at once."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: Literal["realtime"]
    keywords: str
    group: str

    @classmethod
    def of(cls, category: Category, group: Category | None) -> "ServiceView":
        """The category under its parent."""
        kind = words(category.kind)
        above = group or category
        return cls.model_construct(
            service_code=category.code,
            service_name=category.name_zh,
            description=f"{category.name_en}（{kind.zh} {kind.en}）",
            metadata=True,
            type="realtime",
            keywords=", ".join(dict.fromkeys((category.name_zh, category.name_en, kind.zh, kind.en))),
            group=above.name_zh,
        )


class ServiceList(View):
    """All services of a community."""

    items: list[ServiceView]


class ValueView(View):
    """One choice."""

    key: str
    name: str


class AttributeView(View):
    """Something more to say about a request."""

    variable: bool
    code: str
    datatype: Literal["string", "singlevaluelist"]
    required: bool
    datatype_description: str | None
    order: int
    description: str
    values: list[ValueView]


class DefinitionView(View):
    """What may be said about a request of one service."""

    service_code: str
    attributes: list[AttributeView]


class RequestView(View):
    """A request: what is public of it, or what its poster told. Never a person, and no coordinates: the platform keeps none."""

    service_request_id: str
    status: Status
    status_notes: str | None
    service_name: str
    service_code: str
    description: str | None
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: datetime
    updated_datetime: datetime
    expected_datetime: datetime | None
    address: str | None
    address_id: UUID | None
    zipcode: None
    lat: None
    long: None
    media_url: None


class RequestList(View):
    """Requests, newest first."""

    items: list[RequestView]


class FiledView(View):
    """The receipt of a posted request."""

    service_request_id: str
    service_notice: str
    account_id: None


class TokenView(View):
    """A request by its token. Requests have their id at once, so the id itself, or the issue's, is the token."""

    service_request_id: str
    token: str


class FileRequestBody(StrictBody):
    """提交诉求（Open311）。A request as the gateway hands it on. What is said about persons does not come this far."""

    service_code: CategoryCode = Field(examples=["street_light"])
    description: LongText | None = None
    address_string: LineText | None = None
    address_id: UUID | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    long: Annotated[float, Field(ge=-180, le=180)] | None = None
    unit: ShortText | None = None

    def command(self, by: Principal, service_name: str) -> ReportIssue:
        """The report of this program. Without a description, the service says what it is about."""
        return ReportIssue(
            category=self.service_code,
            place=Place(building_id=self.address_id, text=self._words(), unit=self.unit),
            text=self.description or service_name,
            by=by,
        )

    def _words(self) -> str | None:
        """Where, in words; coordinates are words too, because nobody here can look them up."""
        point = f"WGS84 {self.lat:.6f}, {self.long:.6f}" if self.lat is not None and self.long is not None else None
        return "；".join(part for part in (self.address_string, point) if part) or None
