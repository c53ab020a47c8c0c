"""The house rules that a linter does not know. Each failure says what to do: the repository teaches itself."""

import ast
import functools
import gc
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("issues", "volunteers", "events", "notify", "gateway")
LINES_OF_A_MODULE = 350
LINES_OF_A_TEST = 500
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "base", "models", "service", "manager", "handlers"}


def tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", pattern], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


PYTHON = tracked("*.py")
PRODUCT = [p for p in PYTHON if "tests" not in p.relative_to(ROOT).parts and p.name != "conftest.py"]


@functools.cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree. Without garbage collection meanwhile: a finaliser that parses too confuses CPython 3.11 (gh-106905)."""
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    finally:
        gc.enable()


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def attribute_calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func), node.lineno


def lines_importing(module: str, name: str, path: Path) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.module == module and name in {alias.name for alias in node.names}
    ]


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_shape(service: str) -> None:
    folder = ROOT / "services" / service
    files = ["README.md", "pyproject.toml", "__main__.py", "main.py", "settings.py", "permissions.py"]
    folders = ["domain", "use_cases", "migrations/versions", "tests/unit", "tests/integration"]
    either = ["ports", "api", "storage", "queries", "schemas"]
    missing = [name for name in files if not (folder / name).is_file()]
    missing += [name for name in folders if not (folder / name).is_dir()]
    missing += [n for n in either if not ((folder / f"{n}.py").is_file() or (folder / n).is_dir())]
    assert not missing, f"services/{service} lacks {missing}; see docs/adding.md"


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_known_to_compose_the_linter_and_the_readme(service: str) -> None:
    assert f"services.{service}" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(rf"^  {service}:", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"), re.M)
    for readme in ("README.md", "README.zh.md"):
        assert f"services/{service}" in (ROOT / readme).read_text(encoding="utf-8"), readme


@pytest.mark.parametrize("service", SERVICES)
def test_head_names_the_newest_migration(service: str) -> None:
    folder = ROOT / "services" / service / "migrations"
    versions = sorted(p.stem for p in (folder / "versions").glob("[0-9]*.py"))
    assert versions, f"services/{service} has no migrations"
    assert (folder / "HEAD").read_text(encoding="utf-8").strip() in {versions[-1], versions[-1].split("_")[0]}
    assert [int(v.split("_")[0]) for v in versions] == list(range(1, len(versions) + 1)), (
        "numbers must run 0001, 0002 …"
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_use_case_file_holds_the_use_case_it_is_named_after(service: str) -> None:
    for path in sorted((ROOT / "services" / service / "use_cases").glob("*.py")):
        if path.stem == "__init__":
            continue
        functions = {n.name: n for n in tree_of(path).body if isinstance(n, ast.AsyncFunctionDef | ast.FunctionDef)}
        assert path.stem in functions, f"{where(path)} must define {path.stem}()"


def test_no_constant_is_defined_twice() -> None:
    """Two branches that both add one merge without a conflict, and the second takes away what the first gave."""
    twice = []
    for path in PYTHON:
        assigned = [n for n in tree_of(path).body if isinstance(n, ast.Assign | ast.AnnAssign)]
        targets = [t for n in assigned for t in (n.targets if isinstance(n, ast.Assign) else [n.target])]
        names = Counter(t.id for t in targets if isinstance(t, ast.Name) and t.id.isupper())
        twice += [f"{where(path)}: {name}" for name, times in names.items() if times > 1]
    assert not twice, twice


def test_no_file_name_says_nothing() -> None:
    named = [where(p) for p in PYTHON if p.stem in FORBIDDEN_NAMES]
    assert not named, f"these names say nothing and grow without limit: {named}"


def test_files_fit_a_readers_head() -> None:
    long = {}
    for path in PYTHON:
        lines = path.read_text(encoding="utf-8").count("\n")
        limit = LINES_OF_A_MODULE if path in PRODUCT else LINES_OF_A_TEST
        if lines > limit:
            long[where(path)] = lines
    assert not long, f"split these by subject: {long}"


def test_only_shared_database_commits() -> None:
    offenders = [
        f"{where(p)}:{line}"
        for p in PRODUCT
        if not where(p).startswith(("shared/database/", "shared/messaging/", "bench/", "deploy/"))
        for call, line in attribute_calls(p)
        if call.endswith((".commit", ".rollback"))
    ]
    assert not offenders, f"a use case commits through @one_transaction, nothing else does: {offenders}"


def test_only_the_relay_publishes_to_jetstream() -> None:
    offenders = [
        where(p)
        for p in PRODUCT
        if where(p).startswith("services/") and {"nats", "faststream"} & {name.split(".")[0] for name in imports_of(p)}
    ]
    assert not offenders, f"services speak through uow.publish() and @consumes: {offenders}"


def test_sql_lives_in_storage_queries_and_migrations() -> None:
    allowed = {"storage", "queries", "migrations", "main"}
    offenders = []
    for path in PRODUCT:
        parts = path.relative_to(ROOT).parts
        if parts[0] != "services" or len(parts) < 3:
            continue
        if parts[2].removesuffix(".py") in allowed:
            continue
        if {"sqlalchemy", "asyncpg", "alembic"} & {name.split(".")[0] for name in imports_of(path)}:
            offenders.append(where(path))
    assert not offenders, f"move SQL to storage or queries: {offenders}"


def test_the_environment_is_read_in_settings_only() -> None:
    offenders = [
        where(p)
        for p in PRODUCT
        if where(p).startswith(("services/", "shared/"))
        and not where(p).startswith("shared/testing/")
        and p.stem not in {"settings", "__main__", "cli"}
        and re.search(r"os\.(environ|getenv)", p.read_text(encoding="utf-8"))
    ]
    assert not offenders, f"everything but settings receives values: {offenders}"


def test_no_cancellation_is_swallowed() -> None:
    offenders = [
        f"{where(p)}:{line}"
        for p in PRODUCT
        for line in [
            *(line for call, line in attribute_calls(p) if call == "asyncio.wait_for"),
            *lines_importing("asyncio", "wait_for", p),
        ]
    ]
    assert not offenders, (
        "asyncio.wait_for of Python 3.11 swallows a cancellation that comes as its work ends, and a service hangs at stop; "
        f"use `async with asyncio.timeout(...)` or asyncio.wait: {offenders}"
    )


def test_nothing_is_left_unfinished() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|NotImplemented" + r"Error)\b|mark\.(skip|xfail)\b")
    offenders = [where(p) for p in PYTHON if words.search(p.read_text(encoding="utf-8"))]
    assert not offenders


def test_no_download_address_is_committed() -> None:
    offenders = [
        where(p)
        for pattern in ("*.lock", "*.toml", "*.json", "Dockerfile", "*.yml", "*.cfg", "*.md")
        for p in tracked(pattern)
        if re.search(r"https?://[^\s\"']+/(simple|packages|debian)/", p.read_text(encoding="utf-8"))
        or re.search(r"index-url\s*=", p.read_text(encoding="utf-8"))
    ]
    assert not offenders, f"locks are hashed and name no registry: {offenders}"
