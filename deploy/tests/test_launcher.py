"""The launcher `mulin` with a stand-in for the platform: finds Python, installs once, hands over, says what is wrong."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = "import os, sys; print('called with', sys.argv[1:], 'in', os.getcwd(), 'safe', sys.flags.safe_path)"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the launcher in a folder with a space, with empty lock files and a stand-in for deploy/embedded."""
    folder = tmp_path_factory.mktemp("a folder") / "睦邻 mulin"
    (folder / "deploy" / "embedded").mkdir(parents=True)
    shutil.copy(ROOT / "mulin", folder / "mulin")
    (folder / "deploy" / "embedded" / "__main__.py").write_text(STAND_IN)
    (folder / "requirements.lock").write_text("# nothing is needed here\n")
    (folder / "requirements-dev.lock").write_text("# nothing is needed here either\n")
    assert mulin(folder, "help").returncode == 0
    return folder


def mulin(
    folder: Path, *arguments: str, cwd: Path = Path("/"), path: str | None = None, program: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment: Mapping[str, str] = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "PATH": path or os.environ["PATH"],
        "MULIN_PYTHON": sys.executable if path is None else "python3",
    }
    return subprocess.run(
        [str(program or folder / "mulin"), *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_hands_over_everything_from_any_folder_and_installs_only_once(checkout: Path, tmp_path: Path) -> None:
    done = mulin(checkout, "import", "issues", "a file.xlsx", cwd=tmp_path)
    assert done.stdout == f"called with ['import', 'issues', 'a file.xlsx'] in {tmp_path} safe True\n"
    assert done.stderr == ""
    assert not (checkout / ".venv.lock").exists()


def test_it_can_be_called_through_a_link(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "first").symlink_to(checkout / "mulin")
    (tmp_path / "second").symlink_to("first")
    assert "called with ['status']" in mulin(checkout, "status", program=tmp_path / "second").stdout


def test_without_a_command_it_shows_the_help(checkout: Path) -> None:
    assert "called with ['help']" in mulin(checkout).stdout


def test_a_changed_lock_is_installed_again_and_errors_are_shown(checkout: Path) -> None:
    lock = checkout / "requirements.lock"
    before = lock.read_text()
    lock.write_text("this is no requirement\n")
    try:
        done = mulin(checkout, "status")
    finally:
        lock.write_text(before)
    assert done.returncode == 1
    assert "Invalid requirement" in done.stderr
    assert "The installation failed" in done.stderr
    assert mulin(checkout, "status").returncode == 0


def test_the_lock_of_an_installation_that_was_killed_is_taken_over(checkout: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (checkout / ".venv.lock").mkdir()
    (checkout / ".venv.lock" / "pid").write_text(str(gone.pid))
    done = mulin(checkout, "test", "-k", "nothing")
    assert "called with ['test', '-k', 'nothing']" in done.stdout
    assert not (checkout / ".venv.lock").exists()


def test_without_a_new_enough_python_it_says_what_is_needed(checkout: Path, tmp_path: Path) -> None:
    done = mulin(bare(checkout, tmp_path), "up", path=tools(tmp_path, python3="exit 1"))
    assert done.returncode == 1
    assert "Mulin needs Python 3.11 or newer" in done.stderr
    assert "需要 Python 3.11" in done.stderr


def test_without_the_venv_module_it_says_how_to_get_it(checkout: Path, tmp_path: Path) -> None:
    without_venv = 'case "$2" in *ensurepip*) exit 1 ;; *) exit 0 ;; esac'
    done = mulin(bare(checkout, tmp_path), "up", path=tools(tmp_path, python3=without_venv))
    assert done.returncode == 1
    assert "python3 has no venv module" in done.stderr
    assert "python3-venv" in done.stderr


def bare(checkout: Path, tmp_path: Path) -> Path:
    """The same without an environment."""
    return Path(shutil.copytree(checkout, tmp_path / "bare", ignore=shutil.ignore_patterns(".venv*")))


def tools(tmp_path: Path, *, python3: str) -> str:
    """A PATH with the ordinary tools of the shell, this `python3` and no other Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "dirname", "cksum", "cat", "mkdir", "rm", "readlink", "kill", "sleep", "tail"):
        found = shutil.which(tool)
        if found is not None:
            (folder / tool).symlink_to(found)
    (folder / "python3").write_text(f"#!/bin/sh\n{python3}\n")
    (folder / "python3").chmod(0o755)
    return str(folder)
