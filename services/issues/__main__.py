"""`python -m services.issues serve | migrate | dead-letters …`."""

from services.issues.main import SERVICE, build
from services.issues.settings import IssuesSettings
from shared.cli import serve_main

if __name__ == "__main__":
    raise SystemExit(serve_main(SERVICE, build, IssuesSettings))
