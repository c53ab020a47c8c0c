"""`python -m services.events serve | migrate | dead-letters …`."""

from services.events.main import SERVICE, build
from services.events.settings import EventsSettings
from shared.cli import serve_main

if __name__ == "__main__":
    raise SystemExit(serve_main(SERVICE, build, EventsSettings))
