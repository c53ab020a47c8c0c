"""Reads iCalendar as a calendar program does, without the library that writes it: unfold, expand the rule, put exceptions in place."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr


@dataclass
class Component:
    """BEGIN to END, with properties as (parameters, value)."""

    kind: str
    properties: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The only value of a property."""
        ((_, value),) = self.properties[name]
        return re.sub(r"\\([\\,;])", r"\1", value)

    def moment(self, name: str) -> datetime:
        """A time with its zone."""
        ((parameters, value),) = self.properties[name]
        return _moment(parameters, value)


def read(text: bytes) -> Component:
    """The calendar."""
    content = text.decode()
    assert all(len(line.encode()) <= 75 for line in content.split("\r\n")), "a line is too long (RFC 5545, 3.1)"
    stack = [Component("")]
    for line in re.sub(r"\r\n[ \t]", "", content).split("\r\n"):
        if not line:
            continue
        head, value = line.split(":", 1)
        name, *given = head.split(";")
        if name == "BEGIN":
            component = Component(value)
            stack[-1].parts.append(component)
            stack.append(component)
        elif name == "END":
            assert stack.pop().kind == value
        else:
            parameters = dict(one.split("=", 1) for one in given)
            stack[-1].properties.setdefault(name, []).append((parameters, value))
    (calendar,) = stack[0].parts
    return calendar


def starts(calendar: Component, last: datetime) -> list[datetime]:
    """When the events take place, exceptions in place of what the rule says, up to a moment."""
    zones = {part.value("TZID") for part in calendar.parts if part.kind == "VTIMEZONE"}
    events = [part for part in calendar.parts if part.kind == "VEVENT"]
    found: dict[tuple[str, datetime], datetime] = {}
    for event in [one for one in events if "RECURRENCE-ID" not in one.properties]:
        for parameters, _ in event.properties["DTSTART"]:
            assert parameters["TZID"] in zones, "a zone that the calendar does not define"
        begin = event.moment("DTSTART")
        if "RRULE" not in event.properties:
            if event.value("STATUS") != "CANCELLED":
                found[event.value("UID"), begin] = begin
            continue
        out = [
            _moment(parameters, one)
            for parameters, values in event.properties.get("EXDATE", [])
            for one in values.split(",")
        ]
        for moment in rrulestr(event.value("RRULE"), dtstart=begin).between(begin - timedelta(1), last, inc=True):
            if moment not in out:
                found[event.value("UID"), moment] = moment
    for event in [one for one in events if "RECURRENCE-ID" in one.properties]:
        key = (event.value("UID"), event.moment("RECURRENCE-ID"))
        assert key in found or key[1] > last, f"an exception to nothing: {key}"
        found.pop(key, None)
        if event.properties.get("STATUS", [({}, "CONFIRMED")])[0][1] != "CANCELLED" and event.moment("DTSTART") <= last:
            found[key] = event.moment("DTSTART")
    return sorted(found.values())


def _moment(parameters: dict[str, str], value: str) -> datetime:
    if value.endswith("Z"):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=ZoneInfo("UTC"))
    return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(parameters["TZID"]))
