"""Loads the fixtures with the real servers for every test below, and tells Hypothesis that machines differ in speed."""

from hypothesis import settings

pytest_plugins = ["shared.testing.fixtures"]

settings.register_profile("mulin", deadline=None)
"""No example is judged by the time that it takes: that would be a timed assertion."""
settings.load_profile("mulin")
