"""The write side on PostgreSQL: tables, stores, and the unit of work that holds them together."""
