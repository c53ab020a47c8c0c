"""The stores in memory, against the scenarios of every store."""

import pytest

from services.notify.tests.every_store import Begin, EveryStore
from services.notify.tests.memory import MemoryUnitOfWork


class TestInMemory(EveryStore):
    """Every scenario, in memory."""

    @pytest.fixture
    def begin(self) -> Begin:
        uow = MemoryUnitOfWork()
        return lambda: uow
