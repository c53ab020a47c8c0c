"""Databases and roles: one database per service, roles that own nothing for the running service."""
