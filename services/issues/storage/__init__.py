"""PostgreSQL behind the ports: tables, stores, the unit of work, and the one statement of the hot path."""
