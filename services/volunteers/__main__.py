"""`python -m services.volunteers serve | migrate | dead-letters …`."""

from services.volunteers.main import SERVICE, build
from services.volunteers.settings import VolunteersSettings
from shared.cli import serve_main

if __name__ == "__main__":
    raise SystemExit(serve_main(SERVICE, build, VolunteersSettings))
