"""`python -m services.notify serve | migrate | dead-letters …`."""

from services.notify.main import SERVICE, build
from services.notify.settings import NotifySettings
from shared.cli import serve_main

if __name__ == "__main__":
    raise SystemExit(serve_main(SERVICE, build, NotifySettings))
