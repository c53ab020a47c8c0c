"""Photos of a matter: up to six of how it was, up to six of the result. Those of an issue are evidence and stay."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.issues.domain.errors.photos import PhotoRefused
from services.issues.domain.words.issues import State
from services.issues.domain.words.photos import PhotoKind
from shared.principal import Principal, Role

if TYPE_CHECKING:
    from services.issues.domain.issue import Issue

MOST = 6
"""Photos of each kind."""
AT_WORK = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.WAITING, State.RESOLVED})
STAFF = frozenset({Role.DUTY_OFFICER, Role.GRID_WORKER, Role.MEETING_CHAIR})


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A picture that was written anew, and its thumbnail, both JPEG."""

    photo: bytes
    thumbnail: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Photo:
    """What is kept of a photo beside its file. `digest` is that of the bytes that came in: the same photo again is no second one."""

    id: UUID
    issue_id: UUID
    kind: PhotoKind
    position: int
    file: str
    digest: bytes
    width: int
    height: int
    size: int
    added_by: UUID
    added_at: datetime


def new_file(community: str) -> str:
    """A name that nobody can guess."""
    return f"{community}/{secrets.token_hex(16)}"


def check_may_add(issue: "Issue", kind: PhotoKind, by: Principal) -> None:
    """Whoever reported or filed shows the matter while it is open; those who work on it show it too, and the result."""
    works = issue.is_handled_by(by) or bool(by.roles & STAFF)
    if kind is PhotoKind.AFTER:
        if works and issue.state in AT_WORK:
            return
        raise PhotoRefused(
            "办理期间由经办人或工作人员添加",
            "Added by those who work on it, while they do",
            fields={"kind": ("-", "-")},
        )
    told = by.person in (issue.reported_by, issue.filing.filed_by)
    if (told or works) and issue.closed_at is None:
        return
    raise PhotoRefused("诉求已办结或不由您添加", "The issue is closed, or not yours to add to")
