"""The published language: the facts that services tell each other, as frozen pydantic classes. No behaviour."""
