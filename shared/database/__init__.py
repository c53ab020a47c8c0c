"""PostgreSQL: one unit of work per command, bound to one community; row-level security behind it."""
