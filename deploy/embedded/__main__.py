"""`python -m deploy.embedded`: what the launcher `mulin` calls."""

from deploy.embedded.cli import app

if __name__ == "__main__":
    app(prog_name="mulin")
