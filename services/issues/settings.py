"""Settings of the issues service: what every service has, and nothing of its own yet."""

from dataclasses import dataclass

from shared.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class IssuesSettings(ServiceSettings):
    """Read once, in `__main__.py`."""
