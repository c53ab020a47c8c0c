"""Create a community from a template: from then on it is a tenant, and every service prepares its defaults for it."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.community import CODE, Community, Figures, Profile, check_slug
from services.gateway.domain.errors import ReservedSlug
from services.gateway.domain.organisation import Organisation
from services.gateway.domain.template import CommunityTemplate
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import CommunityCreated, OrganisationRegistered
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CreateCommunity:
    """A new community with its first figures."""

    slug: str
    code: str
    name: str
    name_en: str
    subdistrict_id: UUID
    template: CommunityTemplate
    figures: Figures
    by: UUID


@one_transaction
async def create_community(command: CreateCommunity, uow: GatewayUnitOfWork) -> Community:
    """Enter the community, its figures and the organisations that its template gives every community."""
    if not CODE.match(command.code):
        raise ReservedSlug(
            "社区简码须为 2 至 6 个大写字母",
            "A code is 2 to 6 capital letters",
            fields={"code": ("格式不正确", "malformed")},
        )
    subdistrict = await uow.directory.subdistrict(command.subdistrict_id)
    community = Community(
        id=new_id(),
        slug=check_slug(command.slug),
        code=command.code,
        name=command.name,
        name_en=command.name_en,
        subdistrict_id=subdistrict.id,
        template=command.template.key,
        created_at=uow.now(),
    )
    await uow.directory.add_community(community)
    await uow.profiles.add(Profile(new_id(), command.figures, command.by, uow.now()))
    organisations = _default_organisations(command, uow)
    await uow.organisations.add(*organisations)
    await uow.publish(
        CommunityCreated(
            community_id=community.id,
            community=community.slug,
            code=community.code,
            name=community.name,
            name_en=community.name_en,
            subdistrict=subdistrict.slug,
            template=community.template,
            households=command.figures.households,
            residents=command.figures.residents,
            figures_as_of=command.figures.as_of,
        )
    )
    for organisation in organisations:
        await uow.publish(
            OrganisationRegistered(
                organisation_id=organisation.id,
                kind=organisation.kind,
                name=organisation.name,
                name_en=organisation.name_en,
                parent_id=organisation.parent_id,
            )
        )
    return community


def _default_organisations(command: CreateCommunity, uow: GatewayUnitOfWork) -> list[Organisation]:
    """The template's organisations with the community's name filled in; parents come before children in a template."""
    made: dict[str, Organisation] = {}
    for default in command.template.organisations:
        made[default.name] = Organisation(
            id=new_id(),
            kind=default.kind,
            name=default.name.replace("{community}", command.name),
            name_en=default.name_en.replace("{community}", command.name_en),
            parent_id=made[default.child_of].id if default.child_of else None,
            created_at=uow.now(),
        )
    return list(made.values())
