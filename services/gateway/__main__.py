"""`python -m services.gateway serve | migrate | dead-letters …`."""

from services.gateway.main import SERVICE, build
from services.gateway.settings import GatewaySettings
from shared.cli import serve_main

if __name__ == "__main__":
    raise SystemExit(serve_main(SERVICE, build, GatewaySettings))
