"""The main job of the platform, as `./mulin demo` plays it."""

import re

from tests.e2e.running import Platform


def test_the_demo_verifies_every_step_and_can_be_played_again(own_platform: Platform) -> None:
    for _ in range(2):
        played = own_platform.mulin("demo")
        assert played.returncode == 0, played.stdout + played.stderr
        told = re.findall(r"^ *\d+ ✓", played.stdout, re.M)
        assert re.findall(r"^([零一二三四五六七八九])、", played.stdout, re.M) == list("零一二三四五六七")
        assert f"全部 {len(told)} 步已通过回读核对" in played.stdout


def test_status_names_processes_addresses_and_a_login_for_every_role(own_platform: Platform) -> None:
    status = own_platform.status()
    names = {process["name"] for process in status["processes"]}
    assert names == {"gateway", "issues", "volunteers", "events", "notify", "postgres", "nats"}
    assert all(process["state"] == "ready" for process in status["processes"])
    assert {"resident", "duty_officer", "handler", "party_member", "partner", "operator"} <= {
        login["role"] for login in status["logins"]
    }


def test_a_second_start_on_the_same_folder_says_where_the_first_one_runs(own_platform: Platform) -> None:
    again = own_platform.mulin("up")
    assert own_platform.address in again.stdout
    assert len(own_platform.status()["processes"]) == 7
