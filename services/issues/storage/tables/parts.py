"""How the tables of this service are written down."""

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import UUID

metadata = MetaData()


def tenant_rows(name: str, *columns: Column[Any]) -> Table:
    """A table whose rows belong to communities."""
    return Table(name, metadata, Column("community", Text, primary_key=True), *columns)


def key(name: str = "id") -> Column[Any]:
    """Part of the primary key."""
    return Column(name, UUID(as_uuid=True), primary_key=True)


def identifier(name: str, *, optional: bool = False) -> Column[Any]:
    """An id of something else."""
    return Column(name, UUID(as_uuid=True), nullable=optional)


def words(name: str, *, optional: bool = False) -> Column[Any]:
    """A text."""
    return Column(name, Text, nullable=optional)


def moment(name: str, *, optional: bool = False) -> Column[Any]:
    """A moment, UTC."""
    return Column(name, DateTime(timezone=True), nullable=optional)


def number(name: str, *, optional: bool = False) -> Column[Any]:
    """A whole number."""
    return Column(name, Integer, nullable=optional)


def flag(name: str) -> Column[Any]:
    """Yes or no; no when nothing is said."""
    return Column(name, Boolean, nullable=False)
