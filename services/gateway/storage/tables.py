"""Tables of the gateway. DDL, rights and row-level security stand in `migrations/`; a test compares the two."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, LargeBinary, MetaData, Numeric, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

metadata = MetaData()


def _id(name: str = "id", *, optional: bool = False) -> Column[object]:
    return Column(name, UUID(as_uuid=True), nullable=optional)


def _at(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=optional)


def _of_community(name: str, *columns: Column[object]) -> Table:
    return Table(name, metadata, Column("community", Text, primary_key=True), *columns)


def _version() -> Column[object]:
    return Column("version", Integer, nullable=False)


def _key() -> Column[object]:
    return Column("id", UUID(as_uuid=True), primary_key=True)


accounts = Table(
    "accounts",
    metadata,
    _key(),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("phone_cipher", LargeBinary),
    Column("phone_index", LargeBinary),
    _at("created_at"),
    _at("disabled_at", optional=True),
)
sessions = Table(
    "sessions",
    metadata,
    _key(),
    _id("account_id"),
    Column("token_hash", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    _at("created_at"),
    _at("seen_at"),
    _at("expires_at"),
)
api_key_secrets = Table(
    "api_key_secrets",
    metadata,
    _key(),
    Column("token_hash", LargeBinary, nullable=False),
    Column("valid_in", Text, nullable=False),
)
login_throttle = Table("login_throttle", metadata, Column("key", LargeBinary, primary_key=True), _at("full_until"))

subdistricts = Table(
    "subdistricts",
    metadata,
    _key(),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    _at("created_at"),
)
communities = Table(
    "communities",
    metadata,
    _key(),
    Column("slug", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    _id("subdistrict_id"),
    Column("template", Text, nullable=False),
    _at("created_at"),
)
community_profiles = _of_community(
    "community_profiles",
    _key(),
    Column("as_of", Date, nullable=False),
    Column("area_km2", Numeric(10, 4), nullable=False),
    Column("households", Integer, nullable=False),
    Column("residents", Integer, nullable=False),
    Column("party_members", Integer, nullable=False),
    Column("party_members_own", Integer, nullable=False),
    Column("party_members_on_duty", Integer, nullable=False),
    Column("sample", Boolean, nullable=False),
    _id("recorded_by"),
    _at("recorded_at"),
)
organisations = _of_community(
    "organisations",
    _key(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    _id("parent_id", optional=True),
    _at("created_at"),
    _version(),
)
compounds = _of_community(
    "compounds", _key(), Column("name", Text, nullable=False), Column("address", Text, nullable=False), _version()
)
grids = _of_community(
    "grids", _key(), Column("name", Text, nullable=False), _id("worker_id", optional=True), _version()
)
buildings = _of_community(
    "buildings",
    _key(),
    _id("compound_id"),
    _id("grid_id"),
    Column("name", Text, nullable=False),
    Column("units", Integer, nullable=False),
    Column("floors", Integer, nullable=False),
    _version(),
)
households = _of_community(
    "households",
    _key(),
    _id("building_id"),
    Column("unit", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("person_ids", ARRAY(UUID(as_uuid=True)), nullable=False),
    _version(),
)
memberships = _of_community(
    "memberships",
    _key(),
    _id("person_id"),
    _id("organisation_id", optional=True),
    Column("role", Text, nullable=False),
    Column("scope", JSONB, nullable=False),
    _id("granted_by"),
    _at("granted_at"),
    _id("ended_by", optional=True),
    _at("ended_at", optional=True),
    _version(),
)
api_keys = _of_community(
    "api_keys",
    _key(),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    _id("organisation_id", optional=True),
    Column("scope", JSONB, nullable=False),
    Column("shown_prefix", Text, nullable=False),
    _id("created_by"),
    _at("created_at"),
    _at("expires_at"),
    _id("revoked_by", optional=True),
    _at("revoked_at", optional=True),
    _version(),
)
