"""The route table: which service owns what below `/api/v1`. Data, and the one function that reads it.

`/api/v1/communities/{community}/<resource>…` belongs to the service of the resource; whatever is not listed is the gateway's own
(organisations, buildings, memberships …). `/api/v1/operations/<service>…` is for operators.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

COMMUNITIES = "/api/v1/communities/"
OPERATIONS = "/api/v1/operations/"
SERVICES = ("issues", "volunteers", "events", "notify")
"""The services behind the gateway, in the order in which the documentation tells of them."""

RESOURCES: Mapping[str, tuple[str, ...]] = {
    "issues": (
        "issues",
        "categories",
        "transitions",
        "meetings",
        "meeting-roster",
        "meeting-rules",
        "meeting-series",
        "meeting-calendars",
        "patrols",
        "whistles",
        "mediations",
        "surveys",
        "countermeasures",
        "drafts",
        "cards",
        "routing-rules",
        "reports",
        "exports",
        "open311",
        "clock-rules",
        "calendar",
    ),
    "volunteers": (
        "volunteers",
        "units",
        "report-ins",
        "centre-households",
        "tasks",
        "wishes",
        "footprints",
        "points",
        "redemptions",
        "certificates",
    ),
    "events": ("events", "registrations", "check-ins", "visits", "stations"),
    "notify": ("notifications", "preferences", "subscriptions", "deliveries", "feed", "stream", "templates"),
}
"""Service -> first path segments below a community."""

SERVICE_OF: Mapping[str, str] = {resource: service for service, owned in RESOURCES.items() for resource in owned}


class Target(NamedTuple):
    """Where a request goes. No service: the gateway itself. No community: nothing below a community."""

    service: str | None
    community: str | None


UPLOADS = re.compile(rf"{COMMUNITIES}[^/]+/(?:issues|drafts)/[^/]+/photos/[^/]+")
"""Paths whose PUT takes a file."""
LARGEST_BODY = 1024 * 1024
LARGEST_UPLOAD = 8 * 1024 * 1024

ELSEWHERE = Target(None, None)


def largest_body_of(method: str, path: str) -> int:
    """How many bytes the body of a request may have: few, unless it is a file."""
    return LARGEST_UPLOAD if method == "PUT" and UPLOADS.fullmatch(path) else LARGEST_BODY


def target_of(path: str) -> Target:
    """Read the table."""
    if path.startswith(COMMUNITIES):
        community, _, rest = path[len(COMMUNITIES) :].partition("/")
        return Target(SERVICE_OF.get(rest.partition("/")[0]), community or None)
    if path.startswith(OPERATIONS):
        service = path[len(OPERATIONS) :].partition("/")[0]
        return Target(service if service in SERVICES else None, None)
    return ELSEWHERE
