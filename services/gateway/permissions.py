"""Who may do what in the gateway: action -> roles, written out, deny by default. A test calls every route in every role."""

from collections.abc import Mapping
from enum import StrEnum

from shared.principal import Role

EVERYBODY = frozenset(Role)
ADMINISTRATION = frozenset({Role.COMMUNITY_ADMIN, Role.OPERATOR})
OFFICE = frozenset({Role.COMMUNITY_ADMIN, Role.SECRETARY, Role.DUTY_OFFICER, Role.OPERATOR})


class Action(StrEnum):
    """What can be done here."""

    CREATE_SUBDISTRICT = "create_subdistrict"
    CREATE_COMMUNITY = "create_community"
    SEE_COMMUNITY = "see_community"
    RECORD_PROFILE = "record_profile"
    SEE_PLACES = "see_places"
    MANAGE_ORGANISATIONS = "manage_organisations"
    MANAGE_PLACES = "manage_places"
    SEE_COVERAGE = "see_coverage"
    SEE_HOUSEHOLDS = "see_households"
    REGISTER_HOUSEHOLDS = "register_households"
    CREATE_PERSONS = "create_persons"
    SEE_PERSONS = "see_persons"
    SEE_MEMBERSHIPS = "see_memberships"
    MANAGE_MEMBERSHIPS = "manage_memberships"
    MANAGE_API_KEYS = "manage_api_keys"


PERMISSIONS: Mapping[Action, frozenset[Role]] = {
    Action.CREATE_SUBDISTRICT: frozenset({Role.OPERATOR}),
    Action.CREATE_COMMUNITY: frozenset({Role.OPERATOR, Role.SUBDISTRICT_OFFICER}),
    Action.SEE_COMMUNITY: EVERYBODY,
    Action.RECORD_PROFILE: ADMINISTRATION | {Role.SECRETARY, Role.SUBDISTRICT_OFFICER},
    Action.SEE_PLACES: EVERYBODY,
    Action.MANAGE_ORGANISATIONS: ADMINISTRATION,
    Action.MANAGE_PLACES: ADMINISTRATION,
    Action.SEE_COVERAGE: OFFICE | {Role.GRID_WORKER, Role.SUBDISTRICT_OFFICER},
    Action.SEE_HOUSEHOLDS: OFFICE | {Role.GRID_WORKER},
    Action.REGISTER_HOUSEHOLDS: OFFICE | {Role.GRID_WORKER},
    Action.CREATE_PERSONS: ADMINISTRATION,
    Action.SEE_PERSONS: OFFICE,
    Action.SEE_MEMBERSHIPS: OFFICE,
    Action.MANAGE_MEMBERSHIPS: ADMINISTRATION,
    Action.MANAGE_API_KEYS: ADMINISTRATION,
}
