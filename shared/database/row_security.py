"""Row-level security: the last of the four walls between communities. DDL for it, and the check that no table was forgotten."""

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    from alembic.operations import Operations

TENANT = "community = NULLIF(current_setting('app.community', true), '')"
"""True for rows of the bound community; NULL (so: no row) when none is bound."""


def app_role(service: str) -> str:
    """The role under which a service serves: owns nothing, sees one community at a time."""
    return f"{service}_app"


def relay_role(service: str) -> str:
    """The role of relay and housekeeping: sees outbox, inbox and dead letters of all communities, and nothing else."""
    return f"{service}_relay"


def ensure_roles(op: "Operations", *roles: str) -> None:
    """Create roles that are missing (throw-away databases; a real cluster has them with their passwords already)."""
    for role in roles:
        op.execute(
            f"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                    CREATE ROLE "{role}" NOLOGIN NOBYPASSRLS;
                END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$
            """
        )


def secure_rows(op: "Operations", table: str) -> None:
    """Bind a table with a `community` column to the bound community, for everybody, its owner included."""
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY of_community ON "{table}" USING ({TENANT}) WITH CHECK ({TENANT})')


def grant(op: "Operations", table: str, role: str, privileges: str) -> None:
    """Let a role do things with a table (`privileges` such as "select, insert"); its rows stay bound to the community."""
    op.execute(f'GRANT {privileges} ON "{table}" TO "{role}"')


def grant_across_communities(op: "Operations", table: str, role: str, privileges: str) -> None:
    """Let a role of housekeeping or login do things with the rows of all communities. Never for the `_app` role."""
    if role.endswith("_app"):
        raise ValueError(f"{role} serves residents and must stay inside one community")
    op.execute(f'GRANT {privileges} ON "{table}" TO "{role}"')
    op.execute(f'CREATE POLICY all_communities_{role} ON "{table}" TO "{role}" USING (true) WITH CHECK (true)')


async def tables_without_row_security(connection: AsyncConnection) -> list[str]:
    """Tables with a `community` column that a query could read across communities, each with the reason. Empty is good."""
    rows = await connection.execute(
        text(
            """
            SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
                   coalesce(bool_or(p.policyname IS NOT NULL AND p.qual LIKE '%app.community%'
                                    AND p.with_check LIKE '%app.community%'), false) AS bound,
                   coalesce(bool_or(p.policyname IS NOT NULL AND p.qual NOT LIKE '%app.community%'
                                    AND EXISTS (SELECT FROM unnest(p.roles) role
                                                WHERE role = 'public' OR role LIKE '%\\_app')), false) AS open
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'community' AND NOT a.attisdropped
            LEFT JOIN pg_policies p ON p.schemaname = n.nspname AND p.tablename = c.relname
            WHERE c.relkind IN ('r', 'p')
            GROUP BY c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
            ORDER BY c.relname
            """
        )
    )
    findings = []
    for row in rows:
        if not row.enabled:
            findings.append(f"{row.name}: row-level security is not enabled")
        elif not row.forced:
            findings.append(f"{row.name}: row-level security is not forced on the owner")
        elif not row.bound:
            findings.append(f"{row.name}: no policy compares community with app.community")
        elif row.open:
            findings.append(f"{row.name}: a policy opens all communities to the app role")
    return findings
