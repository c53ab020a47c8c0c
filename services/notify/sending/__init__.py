"""The way out: the dispatcher of web hooks, the guard against inside addresses, the sign-in of partners on NATS."""
