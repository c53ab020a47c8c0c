"""Bodies and views of subdistricts, communities and their figures."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.gateway.domain.community import Figures, Profile, Subdistrict
from services.gateway.domain.template import CommunityTemplate
from services.gateway.queries.directory import Entry
from services.gateway.schemas.labels import Label
from shared.http.bodies import Day, ShortText, StrictBody

SlugText = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$", strip_whitespace=False), Field(examples=["feicuicheng"])
]
CodeText = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,6}$", strip_whitespace=False), Field(examples=["FCC"])]
KeyText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$"),
    Field(examples=["urban_community"]),
]
Count = Annotated[int, Field(ge=0, le=10_000_000)]


class SubdistrictBody(StrictBody):
    """街道。A subdistrict."""

    slug: SlugText
    name: ShortText
    name_en: ShortText


class FiguresBody(StrictBody):
    """社区概况及其截止日期。The figures of a community and the date they are true for."""

    as_of: Day
    area_km2: float = Field(
        ge=0.0001, le=10_000, allow_inf_nan=False, examples=[0.4], description="平方公里。Square kilometres"
    )
    households: Count
    residents: Count
    party_members: Count = Field(description="等于自有党员与在职党员之和。The sum of own and on-duty members")
    party_members_own: Count = Field(description="自有党员。Members whose Party membership lies here")
    party_members_on_duty: Count = Field(description="在职党员（双报到）。Members who work elsewhere and reported in")
    sample: bool = Field(default=False, description="演示用的虚构数字。Made-up figures of a demonstration")

    def figures(self) -> Figures:
        """The figures, checked; raises FiguresDoNotAddUp."""
        values = self.model_dump()
        area = Decimal(str(values.pop("area_km2"))).quantize(Decimal("0.0001"))
        return Figures(area_km2=area, **values)


class CommunityBody(StrictBody):
    """新社区：由模板建立。A new community, made from a template."""

    slug: SlugText = Field(description="租户标识，不可更改。Key of the tenant; never changes")
    code: CodeText = Field(description="编号前缀，如 FCC。Prefix of numbers")
    name: ShortText
    name_en: ShortText
    subdistrict_id: UUID
    template: KeyText
    profile: FiguresBody


class SubdistrictView(BaseModel):
    """街道。A subdistrict."""

    id: UUID
    slug: str
    name: Label

    @classmethod
    def of(cls, subdistrict: Subdistrict) -> "SubdistrictView":
        """The view of a subdistrict."""
        return cls(id=subdistrict.id, slug=subdistrict.slug, name=Label(zh=subdistrict.name, en=subdistrict.name_en))


class SubdistrictsView(BaseModel):
    """街道列表。All subdistricts."""

    items: list[SubdistrictView]
    next_cursor: str | None = None


class ProfileView(BaseModel):
    """社区概况。Figures of a community, true on `as_of`."""

    id: UUID
    as_of: date
    area_km2: float
    households: int
    residents: int
    party_members: int
    party_members_own: int
    party_members_on_duty: int
    sample: bool
    recorded_by: UUID
    recorded_at: datetime

    @classmethod
    def of(cls, profile: Profile) -> "ProfileView":
        """The view of a profile."""
        figures = profile.figures
        return cls(
            id=profile.id,
            as_of=figures.as_of,
            area_km2=float(figures.area_km2),
            households=figures.households,
            residents=figures.residents,
            party_members=figures.party_members,
            party_members_own=figures.party_members_own,
            party_members_on_duty=figures.party_members_on_duty,
            sample=figures.sample,
            recorded_by=profile.recorded_by,
            recorded_at=profile.recorded_at,
        )


class CommunityListed(BaseModel):
    """名录中的社区。A community in the directory."""

    id: UUID
    slug: str
    code: str
    name: Label
    subdistrict: SubdistrictView
    template: str

    @classmethod
    def of(cls, entry: Entry) -> "CommunityListed":
        """The view of an entry of the directory."""
        return cls(**_listed(entry))


class CommunityView(CommunityListed):
    """社区及其概况。A community with the figures valid on the day asked for."""

    profile: ProfileView | None

    @classmethod
    def with_profile(cls, entry: Entry, profile: Profile | None) -> "CommunityView":
        """The view of a community with its figures."""
        return cls(**_listed(entry), profile=ProfileView.of(profile) if profile else None)


class CommunityCreatedView(BaseModel):
    """新建的社区。The community that was made."""

    id: UUID
    slug: str
    code: str
    name: Label
    subdistrict_id: UUID
    template: str


class TemplateView(BaseModel):
    """社区模板。A template from which communities are made."""

    key: str
    name: Label
    description: str
    organisations: list[Label]

    @classmethod
    def of(cls, template: CommunityTemplate) -> "TemplateView":
        """The view of a template."""
        return cls(
            key=template.key,
            name=Label(zh=template.name, en=template.name_en),
            description=template.description,
            organisations=[Label(zh=o.name, en=o.name_en) for o in template.organisations],
        )


class TemplatesView(BaseModel):
    """社区模板列表。All templates."""

    items: list[TemplateView]
    next_cursor: str | None = None


def _listed(entry: Entry) -> dict[str, Any]:
    community = entry.community
    return {
        "id": community.id,
        "slug": community.slug,
        "code": community.code,
        "name": Label(zh=community.name, en=community.name_en),
        "subdistrict": SubdistrictView.of(entry.subdistrict),
        "template": community.template,
    }
