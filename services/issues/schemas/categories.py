"""What callers send and read about the tree of categories."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.issues.domain.category import Category
from services.issues.domain.words.issues import IssueKind, Tier
from services.issues.schemas.issue_bodies import CategoryCode
from services.issues.schemas.labels import View
from services.issues.use_cases.import_taxonomy import TaxonomyMerged
from services.issues.use_cases.revise_category import CategoryText
from shared.http.bodies import ShortText, StrictBody

ResponsibleKind = Literal[
    "property",
    "community_committee",
    "owners_committee",
    "subdistrict_department",
    "unit",
    "party_branch",
    "social_organisation",
    "merchant",
]
Rank = Annotated[int, Field(ge=0, le=1_000_000)]


class CategoryTextBody(StrictBody):
    """分类的名称、位置与缺省值。Names, place in the tree and defaults."""

    parent: CategoryCode | None = None
    name_zh: ShortText = Field(examples=["充电桩"])
    name_en: ShortText = Field(examples=["Charging points"])
    kind: IssueKind = IssueKind.COMPLAINT
    tier: Tier = Tier.GENERAL
    responsible_kind: ResponsibleKind = "community_committee"
    position: Rank = 1_000

    def text(self) -> CategoryText:
        """The same for the use case."""
        return CategoryText(
            self.parent,
            self.name_zh,
            self.name_en,
            self.kind,
            self.tier,
            self.responsible_kind,
            self.position,
        )


class AddCategoryBody(CategoryTextBody):
    """新分类。A new category; its code never changes."""

    code: CategoryCode = Field(examples=["charging_points"])

    def category(self) -> Category:
        """The category to be."""
        return Category(
            code=self.code,
            parent=self.parent,
            name_zh=self.name_zh,
            name_en=self.name_en,
            kind=self.kind,
            tier=self.tier,
            responsible_kind=self.responsible_kind,
            position=self.position,
        )


class RetireCategoryBody(StrictBody):
    """停用，无需填写。Nothing to fill in."""


class ImportTaxonomyBody(StrictBody):
    """并入城市留言板分类；缺省只试算。A dry run unless said otherwise."""

    dry_run: bool = True


class CategoryView(View):
    """分类及其缺省级别与责任单位类型。A category with its defaults."""

    code: str
    parent: str | None
    name_zh: str
    name_en: str
    kind: IssueKind
    tier: Tier
    responsible_kind: str
    position: int
    retired: bool
    version: int

    @classmethod
    def of(cls, category: Category) -> "CategoryView":
        """The category as callers see it."""
        return cls.model_construct(
            code=category.code,
            parent=category.parent,
            name_zh=category.name_zh,
            name_en=category.name_en,
            kind=category.kind,
            tier=category.tier,
            responsible_kind=category.responsible_kind,
            position=category.position,
            retired=category.retired,
            version=category.version,
        )


class CategoryList(View):
    """The categories of a community, parents before children."""

    items: list[CategoryView]


class CategoryVersionView(CategoryView):
    """一个版本：谁在什么时候改成这样，空为出厂。One version: who made it so, and when; null as it was shipped."""

    changed_by: UUID | None
    changed_at: datetime | None


class TaxonomyView(View):
    """并入结果。What was added, or would be."""

    added: int
    total: int
    dry_run: bool
    items: list[CategoryView]

    @classmethod
    def of(cls, merged: TaxonomyMerged) -> "TaxonomyView":
        """The result as callers see it."""
        return cls.model_construct(
            added=len(merged.added),
            total=merged.total,
            dry_run=merged.dry_run,
            items=[CategoryView.of(category) for category in merged.added],
        )
