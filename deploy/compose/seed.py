"""The demo data of a new installation, through the gateway's public API, once."""

import asyncio
from datetime import UTC, datetime

from deploy.compose.installation import DEMO, GATEWAY
from deploy.embedded.logins import save_logins
from deploy.embedded.seed import seed


async def main() -> None:
    """Seed unless it was done before."""
    if DEMO.stamp("seeded") is None:
        save_logins(DEMO.folder, await seed(GATEWAY, DEMO.folder, print))
        DEMO.set_stamp("seeded", datetime.now(UTC).isoformat())
    print("示范数据已就绪 · the demo data is there; logins: docker compose run --rm logins")


if __name__ == "__main__":
    asyncio.run(main())
