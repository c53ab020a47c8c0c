"""How the platform is run: the embedded run on one machine, NATS topology, PostgreSQL roles, monitoring, images."""
