"""`./mulin test` and `./mulin check`: the same commands here and in continuous integration."""

import os
import subprocess
import sys
import time

from deploy.embedded.state import ROOT

CHECKED = ("services", "shared", "deploy", "bench", "tests", "conftest.py")
NOTHING_COLLECTED = 5
EVERYDAY = "not slow and not docker and not e2e"


def run_tests(arguments: list[str]) -> int:
    """Tests against real embedded servers, then the ones that drive the whole platform.

    `--slow` adds the long ones, `--no-e2e` leaves the whole platform out, everything else goes to pytest.
    With paths or `-k`/`-m` given, only those are run.
    """
    slow, e2e = "--slow" in arguments, "--no-e2e" not in arguments
    own = [argument for argument in arguments if argument not in ("--slow", "--no-e2e")]
    if own:
        return _pytest(*own)
    first = _pytest("-n", "2", "--dist", "loadfile", "-m", "not docker and not e2e" if slow else EVERYDAY)
    if not e2e:
        return first
    second = _pytest("-m", "e2e and not docker" if slow else "e2e and not docker and not slow")
    return first or (0 if second == NOTHING_COLLECTED else second)


def run_checks() -> int:
    """Every check, also after one has failed, so that one run shows everything."""
    present = [name for name in CHECKED if (ROOT / name).exists()]
    steps = [
        ("ruff check", ["-m", "ruff", "check", "."]),
        ("ruff format", ["-m", "ruff", "format", "--check", "."]),
        ("mypy --strict", ["-m", "mypy", "--strict", *present]),
        ("import rules", ["-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"]),
        ("layout", ["-m", "pytest", "-q", "-p", "no:cacheprovider", "shared/tests/test_layout.py"]),
    ]
    failed = []
    for name, command in steps:
        begun = time.monotonic()
        print(f"── {name}", flush=True)
        if _python(*command) != 0:
            failed.append(name)
        print(f"   {time.monotonic() - begun:.1f} s", flush=True)
    print("全部通过 · all passed" if not failed else f"未通过 · failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def _pytest(*arguments: str) -> int:
    return _python("-m", "pytest", *arguments)


def _python(*arguments: str) -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=False).returncode
