"""The gateway's transaction of one community, with its stores."""

from typing import Any

from services.gateway.domain.errors import NameTaken
from services.gateway.storage import mapping, tables
from services.gateway.storage.rows import RowStore
from services.gateway.storage.stores import (
    PostgresAccountEntry,
    PostgresApiKeys,
    PostgresDirectory,
    PostgresMemberships,
    PostgresProfiles,
)
from shared.database.unit_of_work import UnitOfWork


def _name_taken() -> NameTaken:
    return NameTaken(fields={"name": ("已被使用", "taken")})


def _door_taken() -> NameTaken:
    return NameTaken(
        "该户已登记", "That household is registered already", fields={"room": ("已登记", "registered already")}
    )


class PostgresGatewayUnitOfWork(UnitOfWork):
    """One transaction of one community in PostgreSQL; satisfies `ports.GatewayUnitOfWork`."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.directory = PostgresDirectory(self)
        self.profiles = PostgresProfiles(self)
        self.organisations = RowStore(
            self, tables.organisations, mapping.organisation_of, {"organisations_name": _name_taken}
        )
        self.compounds = RowStore(self, tables.compounds, mapping.compound_of, {"compounds_name": _name_taken})
        self.grids = RowStore(self, tables.grids, mapping.grid_of, {"grids_name": _name_taken})
        self.buildings = RowStore(self, tables.buildings, mapping.building_of, {"buildings_name": _name_taken})
        self.households = RowStore(self, tables.households, mapping.household_of, {"households_door": _door_taken})
        self.memberships = PostgresMemberships(self)
        self.api_keys = PostgresApiKeys(self)
        self.accounts = PostgresAccountEntry(self)
