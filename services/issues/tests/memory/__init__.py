"""The ports in memory, for unit tests. `integration/test_stores.py` proves that they behave like PostgreSQL."""
