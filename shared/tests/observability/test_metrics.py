import asyncio
import re
import time
from collections.abc import Iterable

from shared.observability.event_loop import measured_event_loop
from shared.observability.metrics import Reading, observe_request, rendered_metrics, when_scraped


def value(line: str) -> float:
    text = rendered_metrics()[0].decode()
    found = re.search(rf"^{re.escape(line)} (\S+)$", text, re.MULTILINE)
    assert found, f"{line} is not in\n{text}"
    return float(found[1])


def test_requests_are_counted_and_timed_by_template() -> None:
    for _ in range(3):
        observe_request("testing", "GET", "/a/{b}", 200, 0.02)
    assert value('http_requests_total{method="GET",route="/a/{b}",service="testing",status="200"}') == 3
    assert value('http_request_duration_seconds_count{method="GET",route="/a/{b}",service="testing"}') == 3
    assert value('http_request_duration_seconds_bucket{le="0.025",method="GET",route="/a/{b}",service="testing"}') == 3
    assert value('http_request_duration_seconds_bucket{le="0.01",method="GET",route="/a/{b}",service="testing"}') == 0


def test_methods_that_somebody_made_up_make_no_new_series() -> None:
    for number in range(20):
        observe_request("made-up", f"METHOD{number}", "/a", 405, 0.001)
    assert value('http_requests_total{method="OTHER",route="/a",service="made-up",status="405"}') == 20


def test_a_gauge_is_asked_when_it_is_scraped_and_a_new_source_replaces_its_old_one() -> None:
    readings = {"one": 1.0}

    def ask() -> Iterable[Reading]:
        for name, reading in readings.items():
            yield {"service": "testing", "consumer": name}, reading

    when_scraped("testing_lag_seconds", "Lag", ("service", "consumer"), "testing", list)
    when_scraped("testing_lag_seconds", "Lag", ("service", "consumer"), "testing", ask)
    assert value('testing_lag_seconds{consumer="one",service="testing"}') == 1
    readings |= {"one": 2.5, "two": 7}
    assert value('testing_lag_seconds{consumer="one",service="testing"}') == 2.5
    assert value('testing_lag_seconds{consumer="two",service="testing"}') == 7


def test_one_gauge_that_fails_does_not_take_the_others_away() -> None:
    def fails() -> Iterable[Reading]:
        raise ZeroDivisionError

    when_scraped("testing_broken", "Broken", ("service",), "broken", fails)
    when_scraped("testing_broken", "Broken", ("service",), "sound", lambda: [({"service": "sound"}, 4)])
    assert value('testing_broken{service="sound"}') == 4


async def test_a_handler_that_blocks_the_loop_shows_as_lag() -> None:
    async with measured_event_loop("lagging", beat_seconds=0.01):
        await asyncio.sleep(0)
        time.sleep(0.15)  # noqa: ASYNC251 - the very mistake that the metric is to show
        while value('event_loop_lag_seconds_count{service="lagging"}') == 0:  # noqa: ASYNC110 - the metric is what we wait for
            await asyncio.sleep(0.005)
    count = value('event_loop_lag_seconds_count{service="lagging"}')
    assert value('event_loop_lag_seconds_bucket{le="0.1",service="lagging"}') < count
    assert value('event_loop_lag_seconds_sum{service="lagging"}') > 0.1


def test_the_process_tells_about_itself() -> None:
    assert value("process_resident_memory_bytes") > 0
