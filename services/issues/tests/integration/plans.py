"""How the database runs the statements of a query."""

from typing import Any


class Explained:
    """A connection that also keeps the plan of each statement."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.plans: list[str] = []

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Run a statement, and remember how the database would do it."""
        compiled = statement.compile(dialect=self.connection.dialect, compile_kwargs={"render_postcompile": True})
        driver = (await self.connection.get_raw_connection()).driver_connection
        values = [compiled.params[name] for name in compiled.positiontup or ()]
        rows = await driver.fetch("EXPLAIN " + str(compiled), *values)
        self.plans.append("\n".join(row[0] for row in rows))
        return await self.connection.execute(statement, parameters)
