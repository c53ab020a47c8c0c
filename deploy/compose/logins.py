"""Prints the demo logins of this installation as JSON, one object per role."""

import json
from dataclasses import asdict

from deploy.compose.installation import STATE
from deploy.embedded.logins import load_logins, one_per_role


def main() -> None:
    """Print them; an empty list before the seed has run."""
    print(
        json.dumps([asdict(login) for login in one_per_role(load_logins(STATE.folder))], ensure_ascii=False, indent=2)
    )


if __name__ == "__main__":
    main()
