"""Every message of the platform: imports all contract modules, so that the registry is complete."""

import importlib
import pkgutil

from shared import contracts
from shared.contracts.message import Message

NOT_CONTRACTS = {"message", "catalogue", "sample"}


def all_messages() -> dict[str, type[Message]]:
    """Message type -> class, sorted by type."""
    for module in pkgutil.iter_modules(contracts.__path__):
        if module.name not in NOT_CONTRACTS:
            importlib.import_module(f"{contracts.__name__}.{module.name}")
    return dict(sorted(Message.registry.items()))
