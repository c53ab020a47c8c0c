"""Row-level security: the last of the four walls between communities. DDL for it, and the check that no table was forgotten."""

from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


class Operations(Protocol):
    """What we use of `alembic.op`."""

    def execute(self, sqltext: str) -> None:
        """Run one statement."""
        ...

    def create_table(self, table_name: str, *columns: Any) -> Any:
        """Create a table."""
        ...

    def get_context(self) -> Any:
        """The running migration."""
        ...


TENANT = "community = NULLIF(current_setting('app.community', true), '')"
"""True for rows of the bound community; NULL (so: no row) when none is bound."""


def app_role(service: str) -> str:
    """The role under which a service serves: owns nothing, sees one community at a time."""
    return f"{service}_app"


def relay_role(service: str) -> str:
    """The role of relay and housekeeping: sees outbox, inbox and dead letters of all communities, and nothing else."""
    return f"{service}_relay"


def ensure_roles(op: Operations, *roles: str) -> None:
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


def secure_rows(op: Operations, table: str) -> None:
    """Bind a table with a `community` column to the bound community, for everybody, its owner included."""
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY of_community ON "{table}" USING ({TENANT}) WITH CHECK ({TENANT})')


def grant(op: Operations, table: str, role: str, privileges: str) -> None:
    """Let a role do things with a table (`privileges` such as "select, insert"); its rows stay bound to the community."""
    op.execute(f'GRANT {privileges} ON "{table}" TO "{role}"')


def grant_across_communities(op: Operations, table: str, role: str, privileges: str) -> None:
    """Let a role of housekeeping or login do things with the rows of all communities. Never for the `_app` role."""
    if role.endswith("_app"):
        raise ValueError(f"{role} serves residents and must stay inside one community")
    op.execute(f'GRANT {privileges} ON "{table}" TO "{role}"')
    op.execute(f'CREATE POLICY all_communities_{role} ON "{table}" TO "{role}" USING (true) WITH CHECK (true)')


async def tables_without_row_security(connection: AsyncConnection) -> list[str]:
    """Everything through which a query could look across communities, each with the reason. Empty is good.

    Looks at tables with a `community` column, at views, and at unique keys that would tell one community what another one has.
    """
    findings = []
    for row in await connection.execute(TABLES):
        if not row.enabled:
            findings.append(f"{row.name}: row-level security is not enabled")
        elif not row.forced:
            findings.append(f"{row.name}: row-level security is not forced on the owner")
        elif not row.bound:
            findings.append(f"{row.name}: no policy compares community with app.community")
        elif row.open:
            findings.append(f"{row.name}: a policy opens all communities to the app role")
    findings += [f"{view.name}: {view.reason}" for view in await connection.execute(VIEWS)]
    keys = await connection.execute(KEYS, {"shared": sorted(OF_ALL_COMMUNITIES)})
    findings += [f"{key.table_name}: the key {key.name} must start with community" for key in keys]
    return findings


OF_ALL_COMMUNITIES = {"outbox", "outbox_aggregates", "inbox", "consumer_positions", "dead_letters"}
"""Tables of messaging, whose keys are ids that no person ever chooses or sees."""

TABLES = text(
    """
    SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
           coalesce(bool_or(p.qual LIKE '%app.community%' AND p.with_check LIKE '%app.community%'), false) AS bound,
           coalesce(bool_or((p.qual NOT LIKE '%app.community%' OR p.with_check NOT LIKE '%app.community%')
                            AND EXISTS (SELECT FROM unnest(p.roles) AS role
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

VIEWS = text(
    """
    SELECT c.relname AS name,
           CASE c.relkind WHEN 'm' THEN 'a materialized view keeps rows of all communities'
                          ELSE 'a view must be made WITH (security_invoker = true)' END AS reason
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    WHERE c.relkind = 'm'
       OR (c.relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false))
    ORDER BY c.relname
    """
)

KEYS = text(
    """
    SELECT t.relname AS table_name, i.relname AS name
    FROM pg_index x
    JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'community' AND NOT a.attisdropped
    WHERE x.indisunique AND x.indkey[0] <> a.attnum AND t.relname <> ALL (CAST(:shared AS text[]))
    ORDER BY 1, 2
    """
)
