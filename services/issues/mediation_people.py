"""Whether the people of a mediation belong to the community."""

from services.issues.domain.errors.mediations import MediatorRefused, PartyRefused
from services.issues.domain.mediation import Mediation
from services.issues.ports.unit_of_work import IssuesUnitOfWork


async def check_people(mediation: Mediation, uow: IssuesUnitOfWork, path: str = "parties[{}].person_id") -> None:
    """Raise PartyRefused or MediatorRefused for an account that holds no role in the community."""
    people = {party.person_id: n for n, party in enumerate(mediation.parties) if party.person_id is not None}
    asked = [*people, *([mediation.mediator_id] if mediation.mediator_id is not None else [])]
    known = await uow.directory.members_among(asked)
    strange = {
        path.format(n): ("不是本社区成员", "not a member of this community")
        for person, n in people.items()
        if person not in known
    }
    if strange:
        raise PartyRefused(fields=strange)
    if mediation.mediator_id is not None and mediation.mediator_id not in known:
        raise MediatorRefused
