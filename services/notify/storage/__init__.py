"""PostgreSQL: tables, the stores behind the ports, and the unit of work that carries them."""
