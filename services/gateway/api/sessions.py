"""Log in, log out, who am I, change the password."""

from typing import Annotated, Literal
from uuid import UUID

from starlette.responses import Response

from services.gateway.api.parts import API, Address, TheCaller, TheParts
from services.gateway.domain.account import Account, SessionKind
from services.gateway.domain.errors import SessionNotFound, TooManyLogins, WeakPassword, WrongCredentials
from services.gateway.front.credentials import COOKIE, csrf_token
from services.gateway.identity.vault import PhoneVault
from services.gateway.schemas.sessions import (
    ChangePasswordBody,
    LoggedInView,
    LoginBody,
    MeView,
    PersonView,
    RoleHeldView,
    SessionsView,
    SessionView,
)
from services.gateway.storage.identity import HeldRole
from services.gateway.use_cases.change_password import ChangePassword, change_password
from services.gateway.use_cases.log_in import LogIn, log_in
from shared.http.commands import shown
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import public, signed_in

router = Router(prefix=API, tags=["sessions"])
Oneself = Annotated[Principal, signed_in()]


@router.post(
    "/sessions",
    status_code=201,
    response_model=LoggedInView,
    responses=problems(WrongCredentials, TooManyLogins),
    dependencies=[public()],
)
async def log_in_with_password(body: LoginBody, parts: TheParts, address: Address) -> Response:
    """登录。Log in with login name (or phone number) and password.

    5 wrong attempts a minute for an account and 20 from an address, then 429. Needs no Idempotency-Key: the answer is a secret
    and is not kept.
    """
    now = parts.clock.now()
    found = await log_in(
        LogIn(body.login, body.password, address, SessionKind(body.kind), parts.vault.index_of(body.login), now),
        parts.identity,
        parts.passwords,
        parts.throttle,
    )
    is_cookie = found.session.kind is SessionKind.COOKIE
    view = LoggedInView(
        session_id=found.session.id,
        token_type="Cookie" if is_cookie else "Bearer",
        access_token=None if is_cookie else found.token,
        csrf_token=csrf_token(found.token) if is_cookie else None,
        expires_in=int((found.session.valid_until() - now).total_seconds()),
        person=_person(found.account, parts.vault),
    )
    response = shown(view, status=201)
    if is_cookie:
        response.headers["set-cookie"] = f"{COOKIE}={found.token}; Path=/; Secure; HttpOnly; SameSite=Lax"
    return response


@router.get("/sessions", response_model=SessionsView)
async def my_sessions(who: Oneself, caller: TheCaller, parts: TheParts) -> Response:
    """我的会话。One's sessions that are still good, newest first."""
    current = caller.session_id if caller else None
    sessions = await parts.identity.sessions_of(who.person, parts.clock.now())
    return shown(SessionsView(items=[SessionView.of(session, current) for session in sessions]))


@router.delete("/sessions/{session_id}", status_code=204, responses=problems(SessionNotFound))
async def log_out(session_id: UUID | Literal["current"], who: Oneself, caller: TheCaller, parts: TheParts) -> Response:
    """退出登录。End one of one's sessions; `current` ends this one."""
    ending = (caller.session_id if caller else None) if session_id == "current" else session_id
    if ending is None or not await parts.identity.end_session(ending, who.person):
        raise SessionNotFound()
    parts.callers.forget()
    response = Response(status_code=204)
    if caller and caller.session_id == ending and caller.session_kind is SessionKind.COOKIE:
        response.headers["set-cookie"] = f"{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
    return response


@router.get("/me", response_model=MeView)
async def me(who: Oneself, caller: TheCaller, parts: TheParts) -> Response:
    """我是谁、在哪里有什么职责。Who one is, and which roles one holds where."""
    account = await parts.identity.account(who.person) if who.kind == "person" else None
    held: list[HeldRole]
    if caller is not None and caller.key_grant is not None:
        held = [caller.key_grant]
    else:
        held = await parts.identity.roles_of(who.person)
    names = await parts.identity.organisation_names({role.organisation_id for role in held if role.organisation_id})
    return shown(
        MeView(
            id=who.person,
            kind="api_key" if who.kind == "api_key" else "person",
            person=_person(account, parts.vault) if account else None,
            memberships=[RoleHeldView.of(role, names) for role in held],
            session_id=caller.session_id if caller else None,
        )
    )


@router.put("/me/password", status_code=204, responses=problems(WrongCredentials, WeakPassword, TooManyLogins))
async def change_my_password(
    body: ChangePasswordBody, who: Oneself, caller: TheCaller, address: Address, parts: TheParts
) -> Response:
    """修改密码；其他会话随即失效。Change one's password; every other session ends."""
    command = ChangePassword(who.person, body.current, body.new, address, caller.session_id if caller else None)
    await change_password(command, parts.identity, parts.passwords, parts.throttle)
    parts.callers.forget()
    return Response(status_code=204)


def _person(account: Account, vault: PhoneVault) -> PersonView:
    phone = vault.masked(account.phone)
    return PersonView(id=account.id, login=account.login, name=account.name, language=account.language, phone=phone)
