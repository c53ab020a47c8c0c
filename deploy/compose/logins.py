"""Prints the demo logins of this installation as JSON, one object for each person and role."""

import json
from dataclasses import asdict

from deploy.compose.installation import DEMO
from deploy.embedded.logins import load_logins


def main() -> None:
    """Print them; an empty list before the seed has run."""
    print(json.dumps([asdict(login) for login in load_logins(DEMO.folder)], ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
