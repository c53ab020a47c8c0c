"""Copies of what the gateway owns."""

from sqlalchemy import Column, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.issues.storage.tables.parts import flag, identifier, key, moment, number, tenant_rows, words

community_profiles = tenant_rows("community_profiles", identifier("id"), words("code"), words("name"))

categories = tenant_rows(
    "categories",
    Column("code", Text, primary_key=True),
    words("parent", optional=True),
    words("name_zh"),
    words("name_en"),
    words("kind"),
    words("tier"),
    words("responsible_kind"),
    number("position"),
    flag("retired"),
    number("version"),
)

category_versions = tenant_rows(
    "category_versions",
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    words("parent", optional=True),
    words("name_zh"),
    words("name_en"),
    words("kind"),
    words("tier"),
    words("responsible_kind"),
    number("position"),
    flag("retired"),
    identifier("changed_by", optional=True),
    moment("changed_at", optional=True),
)

organisations = tenant_rows("organisations", key(), words("kind"), words("name"))

compounds = tenant_rows("compounds", key(), words("name"))

grids = tenant_rows("grids", key(), words("name"), identifier("worker_id", optional=True))

buildings = tenant_rows("buildings", key(), identifier("compound_id"), identifier("grid_id"), words("name"))

memberships = tenant_rows(
    "memberships",
    key(),
    identifier("person_id"),
    identifier("organisation_id", optional=True),
    words("role"),
    Column("scope", JSONB, nullable=False),
    moment("ended_at", optional=True),
)
