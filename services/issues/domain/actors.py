"""Who may take a step: a role, or a relation to the issue."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from services.issues.domain.platform import is_platform
from services.issues.domain.words.vocabulary import Words
from shared.principal import Principal, Role

if TYPE_CHECKING:
    from services.issues.domain.issue import IssueRecord


class Actor(StrEnum):
    """Who may take a step."""

    REPORTER = "reporter"
    RESPONSIBLE_HANDLER = "responsible_handler"
    PLATFORM = "platform"
    SUBDISTRICT_OFFICER = "subdistrict_officer"
    DUTY_OFFICER = "duty_officer"
    SECRETARY = "secretary"
    MEETING_CHAIR = "meeting_chair"
    VERIFIER = "verifier"
    CENTRE_HOUSEHOLD = "centre_household"
    GRID_WORKER = "grid_worker"
    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    PARTY_MEMBER = "party_member"
    COMMUNITY_ADMIN = "community_admin"
    PARTNER = "partner"

    @property
    def role(self) -> Role | None:
        """The role of the same name; None for a relation to the issue and for the platform."""
        return None if self in RELATIONS else Role(self.value)


RELATIONS = frozenset({Actor.REPORTER, Actor.RESPONSIBLE_HANDLER, Actor.PLATFORM})
_BY_ROLE: Mapping[Role, Actor] = {actor.role: actor for actor in Actor if actor.role is not None}

ACTOR_WORDS: Mapping[Actor, Words] = {
    Actor.REPORTER: Words("诉求人本人", "the reporter"),
    Actor.RESPONSIBLE_HANDLER: Words("责任单位经办人", "a handler of the responsible organisation"),
    Actor.PLATFORM: Words("平台（到时自动）", "the platform by itself"),
    Actor.SUBDISTRICT_OFFICER: Words("街道工作人员", "a subdistrict officer"),
    Actor.DUTY_OFFICER: Words("社区值班人员", "the duty officer"),
    Actor.SECRETARY: Words("社区党委书记", "the secretary"),
    Actor.MEETING_CHAIR: Words("会议主持人", "the meeting chair"),
    Actor.VERIFIER: Words("核实员", "a verifier"),
    Actor.CENTRE_HOUSEHOLD: Words("党员中心户", "a centre household"),
    Actor.GRID_WORKER: Words("网格员", "a grid worker"),
    Actor.RESIDENT: Words("居民", "a resident"),
    Actor.VOLUNTEER: Words("志愿者", "a volunteer"),
    Actor.PARTY_MEMBER: Words("党员", "a Party member"),
    Actor.COMMUNITY_ADMIN: Words("社区管理员", "the community's administrator"),
    Actor.PARTNER: Words("合作单位", "a partner"),
}


def actors_of(issue: "IssueRecord", by: Principal) -> frozenset[Actor]:
    """Everything that this person is with regard to this issue. The subdistrict is somebody only where a matter lies before it."""
    found = {_BY_ROLE[role] for role in by.roles if role in _BY_ROLE}
    if issue.brought_up is None:
        found.discard(Actor.SUBDISTRICT_OFFICER)
    if issue.reported_by == by.person:
        found.add(Actor.REPORTER)
    if issue.is_handled_by(by):
        found.add(Actor.RESPONSIBLE_HANDLER)
    if is_platform(by):
        found.add(Actor.PLATFORM)
    return frozenset(found)
