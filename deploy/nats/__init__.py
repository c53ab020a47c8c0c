"""Streams, durable consumers and users of NATS: the topology as data, the server's configuration, the provisioning step."""
