"""Bodies and views of persons, memberships and API keys."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.gateway.domain.account import ApiKey
from services.gateway.domain.membership import ROLE_LABELS, Membership
from services.gateway.schemas.labels import Label
from services.gateway.schemas.sessions import PasswordText
from services.gateway.use_cases.grant_memberships import NewRole
from shared.http.bodies import ONE_LINE, ShortText, StrictBody
from shared.principal import Role

LoginName = Annotated[
    str,
    StringConstraints(min_length=2, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]*$"),
    Field(examples=["zhang"]),
]
PhoneText = Annotated[
    str,
    StringConstraints(min_length=11, max_length=20, pattern=r"^\+?[0-9][0-9 \-]*$"),
    Field(examples=["13800008000"]),
]
ScopeKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,29}$")]
ScopeValue = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=ONE_LINE)]
Scope = Annotated[dict[ScopeKey, ScopeValue], Field(max_length=5)]
MOST_PERSONS = 50
"""Each costs a password hash of 30 ms."""


class RoleBody(StrictBody):
    """职责：通过哪个组织、在什么范围内。A role, through which organisation, within which scope."""

    role: Role
    organisation_id: UUID | None = None
    scope: Scope = Field(default_factory=dict, description='如 {"grid": "<id>"}；空为全社区。Empty: everywhere')

    def new_role(self) -> NewRole:
        """For the use case."""
        return NewRole(self.role, self.organisation_id, dict(self.scope))


class MembershipBody(RoleBody):
    """授予某人的职责。A role for a person."""

    person_id: UUID


class NewPersonBody(StrictBody):
    """新人员：账号与初始职责。A person: the account and the roles to start with."""

    login: LoginName
    name: ShortText
    phone: PhoneText | None = Field(
        default=None, description="加密保存，可用于登录。Kept encrypted; serves as login too"
    )
    password: PasswordText | None = Field(
        default=None, description="不填则生成初始密码，只显示一次。Left out: one is generated and shown once"
    )
    language: Literal["zh", "en"] = "zh"
    roles: Annotated[list[RoleBody], Field(min_length=1, max_length=20)]


class PersonsBody(StrictBody):
    """一次建立多人，全部成功或全部不做。Several persons at once, all or none."""

    items: Annotated[list[NewPersonBody], Field(min_length=1, max_length=MOST_PERSONS)]


class MembershipView(BaseModel):
    """职责。A membership."""

    id: UUID
    person_id: UUID
    organisation_id: UUID | None
    role: Role
    label: Label
    scope: dict[str, str]
    granted_by: UUID
    granted_at: datetime
    ended_at: datetime | None
    version: int

    @classmethod
    def of(cls, membership: Membership) -> "MembershipView":
        """The view of a membership."""
        zh, en = ROLE_LABELS[membership.role]
        return cls(
            id=membership.id,
            person_id=membership.person_id,
            organisation_id=membership.organisation_id,
            role=membership.role,
            label=Label(zh=zh, en=en),
            scope=dict(membership.scope),
            granted_by=membership.granted_by,
            granted_at=membership.granted_at,
            ended_at=membership.ended_at,
            version=membership.version,
        )


class PersonCreatedView(BaseModel):
    """新建的人员。The person that was made."""

    id: UUID
    login: str
    initial_password: str | None = Field(
        default=None, description="仅首次回答中出现。Only in the first answer, never in a repeated one"
    )
    memberships: list[MembershipView]


class PersonsCreatedView(BaseModel):
    """新建的人员，按提交顺序。The persons that were made, in the order given."""

    items: list[PersonCreatedView]


class PersonInCommunityView(BaseModel):
    """社区中的人员：姓名，手机号掩码，职责。A person as the office sees one: name, masked phone, roles here."""

    id: UUID
    name: str
    phone: str | None
    memberships: list[MembershipView]


class ApiKeyBody(StrictBody):
    """程序密钥。Access of a program on behalf of an organisation."""

    name: ShortText
    role: Role
    organisation_id: UUID | None = None
    scope: Scope = Field(default_factory=dict)
    valid_days: int = Field(default=365, ge=1, le=730)


class ApiKeyView(BaseModel):
    """程序密钥（不含密钥本身）。An API key without its secret."""

    id: UUID
    name: str
    role: Role
    organisation_id: UUID | None
    scope: dict[str, str]
    shown_prefix: str
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    version: int

    @classmethod
    def of(cls, key: ApiKey) -> "ApiKeyView":
        """The view of a key."""
        return cls(
            id=key.id,
            name=key.name,
            role=key.role,
            organisation_id=key.organisation_id,
            scope=key.scope,
            shown_prefix=key.shown_prefix,
            created_by=key.created_by,
            created_at=key.created_at,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
            version=key.version,
        )


class ApiKeyIssuedView(ApiKeyView):
    """新密钥。The new key."""

    secret: str | None = Field(default=None, description="只显示一次。Shown once, never in a repeated answer")
