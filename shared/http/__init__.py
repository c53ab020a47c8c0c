"""How a service speaks HTTP: one app factory, problems, strict bodies, idempotent commands, keyset lists."""
