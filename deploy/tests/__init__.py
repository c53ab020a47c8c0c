"""Tests of the embedded run, the NATS topology and the database roles."""
