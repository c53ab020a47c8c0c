"""The read side: SQL to response rows, bound to the community, keyset pages."""
