"""Who may do what with neighbourhood events. Written out in full; whoever is not named may not."""

from collections.abc import Mapping
from enum import StrEnum

from shared.principal import Principal, Role


class Action(StrEnum):
    """What can be done here."""

    READ_EVENTS = "read_events"
    MANAGE_EVENTS = "manage_events"
    REGISTER = "register"
    READ_REGISTRATIONS = "read_registrations"
    CHECK_IN = "check_in"
    READ_ATTENDANCE = "read_attendance"


ORGANISERS = frozenset({Role.EVENT_ORGANISER, Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN})
"""Prepare events, see drafts and who comes, and check households in."""
NEIGHBOURS = frozenset(
    {
        Role.RESIDENT,
        Role.VOLUNTEER,
        Role.PARTY_MEMBER,
        Role.CENTRE_HOUSEHOLD,
        Role.GRID_WORKER,
        Role.MEETING_CHAIR,
        Role.HANDLER,
        Role.VERIFIER,
        Role.POINTS_OFFICER,
    }
)
"""Persons who come to events."""

PERMISSIONS: Mapping[Action, frozenset[Role]] = {
    Action.READ_EVENTS: frozenset(Role),
    Action.MANAGE_EVENTS: ORGANISERS,
    Action.REGISTER: NEIGHBOURS | ORGANISERS,
    Action.READ_REGISTRATIONS: ORGANISERS,
    Action.CHECK_IN: ORGANISERS,
    Action.READ_ATTENDANCE: ORGANISERS | {Role.SUBDISTRICT_OFFICER},
}


def organises(who: Principal) -> bool:
    """Does this person prepare events here?"""
    return not who.roles.isdisjoint(ORGANISERS)
