"""What the use cases need of the outside world, as Protocols. Storage fulfils them with PostgreSQL, unit tests in memory."""
