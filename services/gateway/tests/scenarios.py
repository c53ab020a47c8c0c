"""Stories that must go the same way on every kind of store: in memory and on PostgreSQL."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.gateway.community_templates import load_templates
from services.gateway.domain.account import SealedPhone
from services.gateway.domain.community import Community, Figures
from services.gateway.domain.errors import (
    ApiKeyAlreadyRevoked,
    CommunityExists,
    LoginTaken,
    MembershipAlreadyEnded,
    MembershipExists,
    NameTaken,
    ProfileExists,
    ReservedSlug,
    RoleNotGrantable,
    SubdistrictExists,
    UnknownReference,
)
from services.gateway.domain.organisation import OrganisationKind
from services.gateway.use_cases.add_buildings import AddBuildings, NewBuilding, add_buildings
from services.gateway.use_cases.add_compounds import AddCompounds, NewCompound, add_compounds
from services.gateway.use_cases.appoint_grid_worker import AppointGridWorker, appoint_grid_worker
from services.gateway.use_cases.create_community import CreateCommunity, create_community
from services.gateway.use_cases.create_persons import CreatedPerson, CreatePersons, NewPerson, create_persons
from services.gateway.use_cases.create_subdistrict import CreateSubdistrict, create_subdistrict
from services.gateway.use_cases.draw_grids import DrawGrids, draw_grids
from services.gateway.use_cases.end_membership import EndMembership, end_membership
from services.gateway.use_cases.grant_memberships import GrantMemberships, NewRole, grant_memberships
from services.gateway.use_cases.issue_api_key import IssueApiKey, issue_api_key
from services.gateway.use_cases.join_household import JoinHousehold, join_household
from services.gateway.use_cases.move_building import MoveBuilding, move_building
from services.gateway.use_cases.record_profile import RecordProfile, record_profile
from services.gateway.use_cases.register_households import NewHousehold, RegisterHouseholds, register_households
from services.gateway.use_cases.register_organisations import (
    NewOrganisation,
    RegisterOrganisations,
    register_organisations,
)
from services.gateway.use_cases.revoke_api_key import RevokeApiKey, revoke_api_key
from shared.contracts.message import Message
from shared.errors import NotFound, PreconditionFailed
from shared.ids import new_id
from shared.principal import Role

ADMIN = frozenset({Role.COMMUNITY_ADMIN})
OPERATOR = frozenset({Role.OPERATOR})
SOMEBODY = UUID("00000000-0000-7000-8000-00000000aaaa")
COMMUNITY = "feicuicheng"


def some_figures(as_of: date = date(2025, 1, 1), **changes: Any) -> Figures:
    """翡翠城社区."""
    values = {"households": 5196, "residents": 8225, "party_members": 51, "party_members_own": 16}
    return Figures(**{**values, "as_of": as_of, "area_km2": Decimal("0.4"), "party_members_on_duty": 35, **changes})


@dataclass
class World:
    """One community on one kind of store. `begin` gives a unit of work; `told` what the last one published."""

    begin: Callable[[str], Any]
    told: Callable[[], Awaitable[list[Message]]]

    async def do(self, use_case: Callable[[Any, Any], Awaitable[Any]], command: Any, community: str = COMMUNITY) -> Any:
        """Run a use case in its own transaction."""
        return await use_case(command, self.begin(community))

    async def community(self) -> Community:
        """The community itself."""
        above = await self.do(create_subdistrict, CreateSubdistrict("shuiji", "水集街道", "Shuiji"), "all")
        made: Community = await self.do(create_community, self.founding(above.id))
        return made

    def founding(self, subdistrict: UUID, slug: str = COMMUNITY, code: str = "FCC") -> CreateCommunity:
        """The command that makes it."""
        template = load_templates()["urban_community"]
        return CreateCommunity(slug, code, "翡翠城社区", "Feicuicheng", subdistrict, template, some_figures(), SOMEBODY)

    async def person(self, *roles: Role, login: str | None = None, phone: SealedPhone | None = None) -> CreatedPerson:
        """Somebody with roles here."""
        new = NewPerson(login or f"p{new_id().hex}"[:40], "张三", "hash", "zh", phone, tuple(NewRole(r) for r in roles))
        made: list[CreatedPerson] = await self.do(create_persons, CreatePersons((new,), SOMEBODY, ADMIN))
        return made[0]

    async def building(self) -> Any:
        """A building in a compound and a grid."""
        (compound,) = await self.do(add_compounds, AddCompounds((NewCompound("南区", ""),)))
        (grid,) = await self.do(draw_grids, DrawGrids(("第一网格",)))
        (building,) = await self.do(add_buildings, AddBuildings((NewBuilding(compound.id, grid.id, "12号楼", 3, 18),)))
        return building


class EveryStore:
    """The stories; subclasses bring the `world`."""

    async def test_a_community_is_made_with_its_organisations_and_tells_everybody(self, world: World) -> None:
        community = await world.community()
        told = await world.told()
        assert [message.message_type for message in told] == [
            "gateway.community_created.v1",
            *["gateway.organisation_registered.v1"] * 4,
        ]
        created = told[0].model_dump()
        assert (created["community"], created["code"], created["households"]) == (community.slug, "FCC", 5196)

    async def test_slugs_and_codes_and_subdistricts_are_taken_once(self, world: World) -> None:
        community = await world.community()
        above = community.subdistrict_id
        with pytest.raises(SubdistrictExists):
            await world.do(create_subdistrict, CreateSubdistrict("shuiji", "x", "x"), "all")
        with pytest.raises(CommunityExists):
            await world.do(create_community, world.founding(above, "other", "FCC"), "other")
        with pytest.raises(UnknownReference):
            await world.do(create_community, world.founding(new_id(), "other", "OTH"), "other")
        with pytest.raises(ReservedSlug):
            await world.do(create_community, world.founding(above, "all", "ALL"), "other")
        with pytest.raises(ReservedSlug):
            await world.do(create_community, world.founding(above, "other", "oth"), "other")

    async def test_a_date_has_one_profile(self, world: World) -> None:
        await world.community()
        await world.do(record_profile, RecordProfile(some_figures(date(2026, 1, 1), households=5200), SOMEBODY))
        (told,) = await world.told()
        assert told.model_dump()["households"] == 5200
        with pytest.raises(ProfileExists):
            await world.do(record_profile, RecordProfile(some_figures(date(2026, 1, 1)), SOMEBODY))

    async def test_organisations_have_names_of_their_own_and_known_parents(self, world: World) -> None:
        await world.community()
        new = NewOrganisation(OrganisationKind.PROPERTY, "翡翠物业", "", None)
        (property_company,) = await world.do(register_organisations, RegisterOrganisations((new,)))
        child = NewOrganisation(OrganisationKind.PROPERTY, "翡翠物业一部", "", property_company.id)
        await world.do(register_organisations, RegisterOrganisations((child,)))
        with pytest.raises(NameTaken):
            await world.do(register_organisations, RegisterOrganisations((new,)))
        orphan = NewOrganisation(OrganisationKind.UNIT, "无", "", new_id())
        with pytest.raises(UnknownReference) as refused:
            await world.do(register_organisations, RegisterOrganisations((child, orphan)))
        assert list(refused.value.fields) == ["items.1.parent_id"]

    async def test_a_building_moves_between_grids_and_never_stands_in_two(self, world: World) -> None:
        await world.community()
        building = await world.building()
        (second,) = await world.do(draw_grids, DrawGrids(("第二网格",)))
        moved = await world.do(move_building, MoveBuilding(building.id, second.id, expected_version=1))
        assert (moved.grid_id, moved.version) == (second.id, 2)
        assert [message.message_type for message in await world.told()] == ["gateway.building_moved.v1"]
        again = await world.do(move_building, MoveBuilding(building.id, second.id))
        assert again.version == 2, "nothing changed"
        assert await world.told() == []
        with pytest.raises(PreconditionFailed):
            await world.do(move_building, MoveBuilding(building.id, second.id, expected_version=1))
        with pytest.raises(UnknownReference):
            await world.do(move_building, MoveBuilding(building.id, new_id()))
        with pytest.raises(NotFound):
            await world.do(move_building, MoveBuilding(new_id(), second.id))
        with pytest.raises(UnknownReference):
            await world.do(add_buildings, AddBuildings((NewBuilding(new_id(), second.id, "1号楼", 1, 1),)))

    async def test_a_grid_is_given_to_somebody_who_holds_that_role(self, world: World) -> None:
        await world.community()
        (grid,) = await world.do(draw_grids, DrawGrids(("第一网格",)))
        worker, resident = await world.person(Role.GRID_WORKER), await world.person(Role.RESIDENT)
        appointed = await world.do(appoint_grid_worker, AppointGridWorker(grid.id, worker.id))
        assert appointed.worker_id == worker.id
        assert [message.model_dump()["worker_id"] for message in await world.told()] == [worker.id]
        with pytest.raises(UnknownReference):
            await world.do(appoint_grid_worker, AppointGridWorker(grid.id, resident.id))
        left = await world.do(appoint_grid_worker, AppointGridWorker(grid.id, None))
        assert left.worker_id is None

    async def test_households_have_one_door_and_known_members(self, world: World) -> None:
        await world.community()
        building = await world.building()
        zhang, li = await world.person(Role.RESIDENT), await world.person(Role.RESIDENT)
        door = NewHousehold(building.id, "2", "301", (zhang.id, zhang.id))
        (household,) = await world.do(register_households, RegisterHouseholds((door,)))
        assert household.person_ids == (zhang.id,)
        joined = await world.do(join_household, JoinHousehold(household.id, li.id))
        assert joined.person_ids == (zhang.id, li.id)
        assert len(await world.told()) == 1
        await world.do(join_household, JoinHousehold(household.id, li.id))
        assert await world.told() == []
        with pytest.raises(NameTaken):
            await world.do(register_households, RegisterHouseholds((door,)))
        with pytest.raises(UnknownReference):
            await world.do(join_household, JoinHousehold(household.id, new_id()))
        stranger = NewHousehold(building.id, "2", "302", (new_id(),))
        with pytest.raises(UnknownReference):
            await world.do(register_households, RegisterHouseholds((stranger,)))

    async def test_a_person_may_wear_several_hats_but_each_only_once(self, world: World) -> None:
        await world.community()
        person = await world.person(Role.SECRETARY, Role.MEETING_CHAIR)
        assert len(person.memberships) == 2
        new = NewOrganisation(OrganisationKind.OWNERS_COMMITTEE, "业委会二届", "", None)
        (organisation,) = await world.do(register_organisations, RegisterOrganisations((new,)))
        through = GrantMemberships(((person.id, NewRole(Role.SECRETARY, organisation.id)),), SOMEBODY, ADMIN)
        (second,) = await world.do(grant_memberships, through)
        with pytest.raises(MembershipExists):
            await world.do(grant_memberships, through)
        ended = await world.do(end_membership, EndMembership(second.id, SOMEBODY, ADMIN))
        assert ended.ended_by == SOMEBODY
        assert [message.message_type for message in await world.told()] == ["gateway.membership_ended.v1"]
        with pytest.raises(MembershipAlreadyEnded):
            await world.do(end_membership, EndMembership(second.id, SOMEBODY, ADMIN))
        await world.do(grant_memberships, through)  # may be held again after it ended

    async def test_a_login_and_a_phone_belong_to_one_account(self, world: World) -> None:
        await world.community()
        phone = SealedPhone(b"sealed", b"index")
        await world.person(Role.RESIDENT, login="Zhang", phone=phone)
        with pytest.raises(LoginTaken):
            await world.person(Role.RESIDENT, login="zhang")
        with pytest.raises(LoginTaken):
            await world.person(Role.RESIDENT, login="li", phone=phone)

    async def test_who_is_refused_a_role_gets_no_account_either(self, world: World) -> None:
        await world.community()
        with pytest.raises(RoleNotGrantable):
            await world.person(Role.RESIDENT, Role.OPERATOR, login="wang")
        await world.person(Role.RESIDENT, login="wang")

    async def test_roles_over_all_communities_are_given_by_operators_alone(self, world: World) -> None:
        await world.community()
        person = await world.person(Role.RESIDENT)

        def granting(role: Role, by: frozenset[Role]) -> GrantMemberships:
            return GrantMemberships(((person.id, NewRole(role)),), SOMEBODY, by)

        for role, by in ((Role.SUBDISTRICT_OFFICER, ADMIN), (Role.RESIDENT, OPERATOR)):
            with pytest.raises(RoleNotGrantable):
                await world.do(grant_memberships, granting(role, by), "all")
        (held,) = await world.do(grant_memberships, granting(Role.SUBDISTRICT_OFFICER, OPERATOR), "all")
        assert held.role is Role.SUBDISTRICT_OFFICER

    async def test_keys_are_revoked_once_and_administer_nobody(self, world: World) -> None:
        await world.community()

        def issuing(role: Role) -> IssueApiKey:
            return IssueApiKey("供电公司", role, None, {}, timedelta(days=30), b"h" * 32, "mlk_abcdef", SOMEBODY)

        key = await world.do(issue_api_key, issuing(Role.PARTNER))
        assert key.expires_at - key.created_at == timedelta(days=30)
        revoked = await world.do(revoke_api_key, RevokeApiKey(key.id, SOMEBODY))
        assert revoked.revoked_by == SOMEBODY
        with pytest.raises(ApiKeyAlreadyRevoked):
            await world.do(revoke_api_key, RevokeApiKey(key.id, SOMEBODY))
        for role in (Role.OPERATOR, Role.COMMUNITY_ADMIN, Role.SUBDISTRICT_OFFICER):
            with pytest.raises(RoleNotGrantable):
                await world.do(issue_api_key, issuing(role))
