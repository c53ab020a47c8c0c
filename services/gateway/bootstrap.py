"""The first operator: somebody has to be able to make everybody else."""

from services.gateway.domain.account import Account, normal_login
from services.gateway.domain.community import WHOLE_SUBDISTRICT
from services.gateway.domain.errors import LoginTaken, MembershipExists
from services.gateway.identity.passwords import Argon2Passwords
from services.gateway.storage import PostgresGatewayUnitOfWork
from services.gateway.storage.identity import PostgresIdentity
from services.gateway.use_cases.create_persons import CreatePersons, NewPerson, create_persons
from services.gateway.use_cases.grant_memberships import GrantMemberships, NewRole, grant_memberships
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.ids import new_id
from shared.observability.logging import get_logger
from shared.principal import Role

NAME = "系统运维"

_log = get_logger("bootstrap")


async def ensure_operator(
    login: str,
    password: str,
    *,
    identity: PostgresIdentity,
    passwords: Argon2Passwords,
    unit_of_work: UnitOfWorkFactory[PostgresGatewayUnitOfWork],
) -> None:
    """Make the operator account with its role, if there is none of that login; an existing one is left alone.

    Safe when several gateways start at once: the login is unique, and whoever comes second finds it taken.
    """
    account = await identity.account_for(normal_login(login), None)
    if account is None:
        await _create(login, password, passwords, unit_of_work)
    elif not await identity.roles_of(account.id):
        await _grant(account, unit_of_work)


async def _create(
    login: str,
    password: str,
    passwords: Argon2Passwords,
    unit_of_work: UnitOfWorkFactory[PostgresGatewayUnitOfWork],
) -> None:
    operator = NewPerson(
        login=login,
        name=NAME,
        password_hash=await passwords.hash(password),
        language="zh",
        phone=None,
        roles=(NewRole(Role.OPERATOR),),
    )
    command = CreatePersons((operator,), by=new_id(), by_roles=frozenset({Role.OPERATOR}))
    try:
        await create_persons(command, unit_of_work(WHOLE_SUBDISTRICT, correlation_id="bootstrap"))
    except LoginTaken:
        return
    _log.info("operator.created")


async def _grant(account: Account, unit_of_work: UnitOfWorkFactory[PostgresGatewayUnitOfWork]) -> None:
    grant = (account.id, NewRole(Role.OPERATOR))
    command = GrantMemberships((grant,), by=account.id, by_roles=frozenset({Role.OPERATOR}))
    try:
        await grant_memberships(command, unit_of_work(WHOLE_SUBDISTRICT, correlation_id="bootstrap"))
    except MembershipExists:
        return
