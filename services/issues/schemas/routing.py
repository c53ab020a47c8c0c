"""What callers send and read about routing rules."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.issues.domain.routing import MOST_RULES, Rule, RuleSet, Suggestion, reason_of
from services.issues.domain.words.routing import Ground, Scope
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.issue_bodies import CategoryCode
from services.issues.schemas.labels import Label, View
from services.issues.use_cases.publish_routing_rules import Publication
from shared.http.bodies import LineText, Moment, StrictBody

MOST_CHANGES = 100
"""Changes that a dry run lists; their number is told in full."""


class RuleBody(StrictBody):
    """一条规则：哪里（网格或小区，缺省全社区）× 什么分类（缺省任何分类）→ 哪个单位。Where × what → which organisation."""

    organisation: UUID
    category: CategoryCode | None = Field(None, examples=["street_light"])
    grid_id: UUID | None = None
    compound_id: UUID | None = None


class RoutingRulesBody(StrictBody):
    """新一版派单规则，整体替换；旧版本仍可查。A whole new version; older ones stay readable."""

    rules: Annotated[list[RuleBody], Field(max_length=MOST_RULES)]
    basis: LineText = Field(
        description="依据：谁在什么会议上批准。The decision it rests on", examples=["社区党委会议纪要"]
    )
    effective_from: Moment | None = Field(None, description="缺省立即生效。At once when left out")
    dry_run: bool = Field(False, description="只看影响，不发布。Tell what would change, publish nothing")

    def as_rules(self) -> tuple[Rule, ...]:
        """The rules, numbered as they stand."""
        return tuple(
            Rule(position, rule.organisation, rule.category, rule.grid_id, rule.compound_id)
            for position, rule in enumerate(self.rules, start=1)
        )


class RuleView(View):
    """One rule."""

    position: int
    organisation: UUID
    category: str | None
    scope: Scope
    grid_id: UUID | None
    compound_id: UUID | None

    @classmethod
    def of(cls, rule: Rule) -> "RuleView":
        """The rule as callers see it."""
        return cls.model_construct(
            position=rule.position,
            organisation=rule.organisation,
            category=rule.category,
            scope=rule.scope,
            grid_id=rule.grid_id,
            compound_id=rule.compound_id,
        )


class RuleSetView(View):
    """一版派单规则。One version. Version 0 without rules stands for: none was published yet."""

    version: int
    effective_from: datetime | None
    basis: str | None
    published_by: UUID | None
    published_at: datetime | None
    rules: list[RuleView]

    @classmethod
    def of(cls, known: RuleSet | None) -> "RuleSetView":
        """The version as callers see it."""
        if known is None:
            return cls(version=0, effective_from=None, basis=None, published_by=None, published_at=None, rules=[])
        return cls.model_construct(
            version=known.version,
            effective_from=known.effective_from,
            basis=known.basis,
            published_by=known.published_by,
            published_at=known.published_at,
            rules=[RuleView.of(rule) for rule in known.rules],
        )


class RuleSetSummary(View):
    """A version in the list of versions."""

    version: int
    effective_from: datetime
    basis: str
    published_by: UUID
    published_at: datetime
    rules: int


class TriedView(View):
    """A place in the rules that was looked at; a category of null stands for any category."""

    category: str | None
    scope: Scope
    label: Label
    found: bool


class SuggestionView(View):
    """建议的责任单位及理由。Which organisation the rules suggest, and why."""

    organisation: UUID | None
    ground: Ground
    version: int | None
    rule: RuleView | None
    reason: Label
    tried: list[TriedView]
    candidates: list[UUID]

    @classmethod
    def of(cls, known: Suggestion) -> "SuggestionView":
        """The suggestion as callers see it."""
        return cls.model_construct(
            organisation=known.organisation,
            ground=known.ground,
            version=known.version,
            rule=RuleView.of(known.rule) if known.rule else None,
            reason=Label.of(reason_of(known)),
            tried=[
                TriedView.model_construct(
                    category=one.category, scope=one.scope, label=Label.of(words(one.scope)), found=one.found
                )
                for one in known.tried
            ],
            candidates=list(known.candidates),
        )


class ChosenView(View):
    """实际派给了谁；与建议不同时的理由。Who got it, what was suggested then, and why it went elsewhere."""

    organisation: UUID
    suggested: UUID | None
    rules_version: int | None
    differs: bool
    reason: str | None


class IssueRoutingView(View):
    """这条诉求为什么建议这个单位。Why this unit."""

    issue_id: UUID
    number: str
    category: str
    suggestion: SuggestionView
    chosen: ChosenView | None


class ChangeView(View):
    """Open issues that would be suggested to another organisation."""

    building_id: UUID | None
    category: str
    issues: int
    before: UUID | None
    after: UUID | None
    reason: Label


class PublicationView(View):
    """发布结果或试算结果。The new version, and what changes for the open issues that nobody answers for yet."""

    version: int
    dry_run: bool
    effective_from: datetime
    rules: int
    changed_issues: int
    unchanged_issues: int
    changes: list[ChangeView] = Field(description="最多100组。At most 100 groups, largest first")

    @classmethod
    def of(cls, known: Publication) -> "PublicationView":
        """The result as callers see it."""
        largest = sorted(known.changes, key=lambda change: -change.waiting.number)[:MOST_CHANGES]
        return cls.model_construct(
            version=known.rule_set.version,
            dry_run=known.dry_run,
            effective_from=known.rule_set.effective_from,
            rules=len(known.rule_set.rules),
            changed_issues=sum(change.waiting.number for change in known.changes),
            unchanged_issues=known.unchanged,
            changes=[
                ChangeView.model_construct(
                    building_id=change.waiting.building_id,
                    category=change.waiting.category,
                    issues=change.waiting.number,
                    before=change.before.organisation,
                    after=change.after.organisation,
                    reason=Label.of(reason_of(change.after)),
                )
                for change in largest
            ],
        )
