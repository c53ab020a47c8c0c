"""The demo data of a new installation, through the gateway's public API, once."""

import asyncio
from datetime import UTC, datetime

from deploy.compose.installation import GATEWAY, STATE
from deploy.embedded.logins import save_logins
from deploy.embedded.seed import seed


async def main() -> None:
    """Seed unless it was done before."""
    if STATE.stamp("seeded") is None:
        save_logins(STATE.folder, await seed(GATEWAY, STATE.folder, print))
        STATE.set_stamp("seeded", datetime.now(UTC).isoformat())
    print("示范数据已就绪 · the demo data is there; logins: docker compose run --rm logins")


if __name__ == "__main__":
    asyncio.run(main())
