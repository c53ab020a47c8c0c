"""Loads the fixtures with the real servers for every test below."""

pytest_plugins = ["shared.testing.fixtures"]
