"""The apps of the services, built from dummy settings, for their documents. Found by name: the gateway imports no service."""

import base64
import importlib
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from deploy.nats.partners import new_issuer
from shared.testing.principals import public_pem

NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/none"


@cache
def app_of(service: str, folder: Path) -> FastAPI:
    """The app of a service that is never started."""
    key = folder / "principal.pem"
    key.write_bytes(public_pem())
    environment = {
        "MULIN_DATABASE_URL": NOWHERE,
        "MULIN_RELAY_DATABASE_URL": NOWHERE,
        "MULIN_NATS_URL": "nats://127.0.0.1:1",
        "MULIN_PRINCIPAL_PUBLIC_KEY": str(key),
        "MULIN_PHOTOS": str(folder / "photos"),
        "MULIN_DATA_KEY": base64.b64encode(bytes(range(32))).decode(),
        "MULIN_NATS_ISSUER_SEED": new_issuer().seed,
    }
    settings_module = importlib.import_module(f"services.{service}.settings")
    settings_class: Any = next(
        kind
        for name, kind in vars(settings_module).items()
        if name.endswith("Settings") and kind.__module__ == settings_module.__name__
    )
    build = importlib.import_module(f"services.{service}.main").build
    app: FastAPI = build(settings_class.from_environment(service, environment))
    return app
