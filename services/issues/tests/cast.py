"""The people of the stateful tests: each as the platform knows them and as the model does, two of them with cross-appointments."""

from services.issues.domain.platform import PLATFORM
from services.issues.tests import builders as town
from services.issues.tests.builders import PROPERTY, UNIT
from services.issues.tests.model import Person
from shared.ids import new_id
from shared.principal import Grant, Principal, Role

VERIFIER_OF_THE_UNIT = Principal(new_id(), "feicuicheng", (Grant(Role.VERIFIER), Grant(Role.PARTY_MEMBER, PROPERTY)))
"""交叉任职: verifies, and sits in the property company's Party branch."""
OFFICER_OF_THE_UNIT = Principal(new_id(), "feicuicheng", (Grant(Role.DUTY_OFFICER), Grant(Role.PARTNER, UNIT)))
"""交叉任职: works in the office, and stands for the power company."""
HANDLER_WHO_VERIFIES = Principal(
    new_id(), "feicuicheng", (Grant(Role.HANDLER, UNIT), Grant(Role.VERIFIER), Grant(Role.SECRETARY))
)

PRINCIPALS: dict[str, Principal] = {
    "reporter": town.RESIDENT,
    "neighbour": town.NEIGHBOUR,
    "officer": town.OFFICER,
    "second officer": town.OFFICER_2,
    "chair": town.CHAIR,
    "handler": town.HANDLER,
    "other handler": town.OTHER_HANDLER,
    "grid worker": town.GRID_WORKER,
    "centre household": town.CENTRE_HOUSEHOLD,
    "administrator": town.ADMIN,
    "secretary": town.SECRETARY,
    "verifier": town.VERIFIER,
    "subdistrict": town.SUBDISTRICT,
    "verifier of the unit": VERIFIER_OF_THE_UNIT,
    "officer of the unit": OFFICER_OF_THE_UNIT,
    "handler who verifies": HANDLER_WHO_VERIFIES,
    "platform": PLATFORM,
}


def _known(name: str, who: Principal) -> Person:
    units = frozenset(grant.organisation for grant in who.grants if grant.organisation)
    handles = next((grant.organisation for grant in who.grants if grant.role is Role.HANDLER), None)
    return Person(name, frozenset(grant.role.value for grant in who.grants), units, handles)


PEOPLE = {name: _known(name, who) for name, who in PRINCIPALS.items()}
