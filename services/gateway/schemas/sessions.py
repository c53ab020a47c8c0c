"""Bodies and views of logging in."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.gateway.domain.account import Session
from services.gateway.domain.membership import ROLE_LABELS
from services.gateway.schemas.labels import Label
from services.gateway.storage.identity import HeldRole
from shared.http.bodies import ONE_LINE, StrictBody
from shared.principal import Role

LoginText = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=ONE_LINE, strip_whitespace=True)]
PasswordText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE, strip_whitespace=False)]
"""As typed: blanks count. The length is bounded because a hash is paid for every byte."""


class LoginBody(StrictBody):
    """登录名（或手机号）与密码。Login name or phone number, and password."""

    login: LoginText
    password: PasswordText
    kind: Literal["bearer", "cookie"] = Field(
        default="bearer",
        description="bearer：程序用的访问令牌；cookie：浏览器会话。A token for programs, or a browser session",
    )


class ChangePasswordBody(StrictBody):
    """当前密码与新密码。Current and new password."""

    current: PasswordText
    new: PasswordText


class PersonView(BaseModel):
    """本人。Oneself; only ever shown to the person."""

    id: UUID
    login: str
    name: str
    language: str
    phone: str | None = Field(default=None, description="掩码，如 138****8000。Masked")


class LoggedInView(BaseModel):
    """会话已建立。The new session; the token is shown this once."""

    session_id: UUID
    token_type: Literal["Bearer", "Cookie"]
    access_token: str | None = Field(default=None, description="浏览器会话不返回。Not for browser sessions")
    csrf_token: str | None = Field(
        default=None, description="浏览器会话修改数据时放入 X-CSRF-Token。For X-CSRF-Token of browser sessions"
    )
    expires_in: int = Field(description="秒。Seconds")
    person: PersonView


class SessionView(BaseModel):
    """本人的一个会话。One of one's own sessions."""

    id: UUID
    kind: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool

    @classmethod
    def of(cls, session: Session, current: UUID | None) -> "SessionView":
        """The view of a session."""
        return cls(
            id=session.id,
            kind=session.kind,
            created_at=session.created_at,
            last_used_at=session.seen_at,
            expires_at=session.valid_until(),
            current=session.id == current,
        )


class SessionsView(BaseModel):
    """本人的会话，最新在前。One's sessions, newest first."""

    items: list[SessionView]
    next_cursor: str | None = None


class OrganisationRef(BaseModel):
    """组织。An organisation by its public name."""

    id: UUID
    name: Label


class RoleHeldView(BaseModel):
    """在某社区、通过某组织持有的职责。A role held somewhere, through an organisation."""

    community: str = Field(description="社区标识；all 表示整个街道。Slug; `all` is the whole subdistrict")
    role: Role
    label: Label
    organisation: OrganisationRef | None = None
    scope: dict[str, str]

    @classmethod
    def of(cls, held: HeldRole, names: dict[UUID, tuple[str, str]]) -> "RoleHeldView":
        """The view of a held role; `names` are those of organisations."""
        label_zh, label_en = ROLE_LABELS[held.role]
        organisation = None
        if held.organisation_id is not None:
            zh, en = names.get(held.organisation_id, ("", ""))
            organisation = OrganisationRef(id=held.organisation_id, name=Label(zh=zh, en=en or zh))
        return cls(
            community=held.community,
            role=held.role,
            label=Label(zh=label_zh, en=label_en),
            organisation=organisation,
            scope=held.scope,
        )


class MeView(BaseModel):
    """我是谁、在哪里有什么职责。Who one is, and where one holds which role."""

    id: UUID
    kind: Literal["person", "api_key"]
    person: PersonView | None = Field(description="密钥没有本人信息。None for an API key")
    memberships: list[RoleHeldView]
    session_id: UUID | None
