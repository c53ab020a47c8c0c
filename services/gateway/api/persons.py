"""Persons of a community: accounts made by its administration, with the roles they start with."""

import asyncio
import secrets
from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.gateway.api.parts import IN_COMMUNITY, Parts, TheParts, Uow, community_in, with_secret
from services.gateway.domain.account import check_password
from services.gateway.domain.errors import (
    LoginTaken,
    MembershipExists,
    PhonesNotKept,
    RoleNotGrantable,
    UnknownReference,
    WeakPassword,
)
from services.gateway.permissions import Action
from services.gateway.queries.people import roles_in
from services.gateway.schemas.people import (
    MembershipView,
    NewPersonBody,
    PersonCreatedView,
    PersonInCommunityView,
    PersonsBody,
    PersonsCreatedView,
)
from services.gateway.storage import PostgresGatewayUnitOfWork
from services.gateway.use_cases.create_persons import CreatedPerson, CreatePersons, NewPerson, create_persons
from shared.errors import NotFound
from shared.http.commands import Reading, answered, shown
from shared.http.idempotency import IdempotentRequest
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=IN_COMMUNITY + "/persons", tags=["persons"])
Manager = Annotated[Principal, allow(Action.CREATE_PERSONS)]
REFUSALS = problems(LoginTaken, WeakPassword, RoleNotGrantable, UnknownReference, MembershipExists, PhonesNotKept)
INITIAL_PASSWORD_BYTES = 12


@router.post("", status_code=201, response_model=PersonCreatedView, responses=REFUSALS)
async def create_person(body: NewPersonBody, who: Manager, uow: Uow, parts: TheParts) -> Response:
    """新建人员。Create an account with its first roles. A generated password is shown in this answer only."""
    persons, passwords = await _prepared((body,), parts)
    _keep_fingerprint_secret(uow, parts)
    command = CreatePersons(persons, who.person, who.roles)
    response = await answered(create_persons(command, uow), uow, view=lambda made: _view(made[0]), status=201)
    parts.callers.forget()
    return with_secret(response, {("initial_password",): passwords[0]} if passwords else {})


@router.post("/batch", status_code=201, response_model=PersonsCreatedView, responses=REFUSALS)
async def create_several_persons(body: PersonsBody, who: Manager, uow: Uow, parts: TheParts) -> Response:
    """批量新建人员（最多 50 人）。Create several accounts, all or none."""
    persons, passwords = await _prepared(tuple(body.items), parts)
    _keep_fingerprint_secret(uow, parts)

    def view(made: list[CreatedPerson]) -> PersonsCreatedView:
        return PersonsCreatedView(items=[_view(person) for person in made])

    command = CreatePersons(persons, who.person, who.roles)
    response = await answered(create_persons(command, uow), uow, view=view, status=201)
    parts.callers.forget()
    return with_secret(
        response, {("items", position, "initial_password"): password for position, password in passwords.items()}
    )


@router.get("/{person_id}", response_model=PersonInCommunityView)
async def get_person(
    person_id: UUID, who: Annotated[Principal, allow(Action.SEE_PERSONS)], reading: Reading, parts: TheParts
) -> Response:
    """社区中的人员。A person who has, or had, a role here: name, masked phone number, roles."""
    async with reading as connection:
        memberships = await roles_in(connection, community_in(who), person_id)
    account = await parts.identity.account(person_id)
    if account is None:
        raise NotFound()
    return shown(
        PersonInCommunityView(
            id=account.id,
            name=account.name,
            phone=parts.vault.masked(account.phone),
            memberships=[MembershipView.of(membership) for membership in memberships],
        )
    )


async def _prepared(bodies: tuple[NewPersonBody, ...], parts: Parts) -> tuple[tuple[NewPerson, ...], dict[int, str]]:
    """Persons as the use case wants them, and the passwords that were generated, by position."""
    generated: dict[int, str] = {}
    passwords: list[str] = []
    for position, body in enumerate(bodies):
        if body.password is None:
            generated[position] = secrets.token_urlsafe(INITIAL_PASSWORD_BYTES)
        else:
            check_password(body.password, body.login)
        passwords.append(body.password or generated[position])
    phones = [parts.vault.seal(body.phone) if body.phone else None for body in bodies]
    hashes = await asyncio.gather(*(parts.passwords.hash(password) for password in passwords))
    persons = tuple(
        NewPerson(body.login, body.name, hashed, body.language, phone, tuple(role.new_role() for role in body.roles))
        for body, hashed, phone in zip(bodies, hashes, phones, strict=True)
    )
    return persons, generated


def _keep_fingerprint_secret(uow: PostgresGatewayUnitOfWork, parts: Parts) -> None:
    """The body holds a password, so its stored fingerprint must not be a plain hash that can be guessed against."""
    if isinstance(uow.once, IdempotentRequest):
        uow.once.fingerprint = parts.vault.keyed(uow.once.fingerprint)


def _view(person: CreatedPerson) -> PersonCreatedView:
    return PersonCreatedView(
        id=person.id, login=person.login, memberships=[MembershipView.of(m) for m in person.memberships]
    )
