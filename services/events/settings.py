"""What the events service is told from outside."""

from dataclasses import dataclass

from shared.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class EventsSettings(ServiceSettings):
    """Nothing beyond what every service has."""
