"""Who acts when nobody does: steps that time takes are taken by the platform itself, under a name of its own."""

from uuid import UUID

from shared.principal import Principal

PLATFORM = Principal(person=UUID("01900000-0000-7000-8000-0000000f1a7f"), community=None, kind="system")
"""The system principal. It holds no role: what it may do stands in the transition table as the actor `platform`."""


def is_platform(by: Principal) -> bool:
    """Whether a step is taken by the platform and not by a person. The gateway signs no such principal."""
    return by.kind == "system" and by.person == PLATFORM.person
