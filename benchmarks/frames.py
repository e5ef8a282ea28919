"""How much script an act costs a page, in all and in its longest frame: from Chromium's trace."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page

# Whatever runs script on a page's main thread, by its name in a trace.
_SCRIPT = frozenset(
    {
        "EvaluateScript",
        "EventDispatch",
        "FireAnimationFrame",
        "FireIdleCallback",
        "FunctionCall",
        "RunMicrotasks",
        "TimerFire",
    }
)
_MILLISECONDS = 300
_CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline"]

Event = dict[str, Any]


@dataclass(frozen=True)
class Script:
    """The script of an act, in milliseconds of the main thread's own time."""

    in_all: float
    longest_frame: float


def script_of(act: Callable[[], object], page: Page, devtools: CDPSession) -> Script:
    """Acts, and measures the script until some time has passed, without running any for it."""
    events: list[Event] = []
    complete: list[bool] = []

    def collect(part: dict[str, list[Event]]) -> None:
        events.extend(part["value"])

    devtools.on("Tracing.dataCollected", collect)
    devtools.once("Tracing.tracingComplete", lambda _: complete.append(True))
    devtools.send(
        "Tracing.start",
        {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": _CATEGORIES}},
    )
    act()
    page.wait_for_timeout(_MILLISECONDS)
    devtools.send("Tracing.end")
    while not complete:
        page.wait_for_timeout(10)
    devtools.remove_listener("Tracing.dataCollected", collect)
    return _script_in(events)


def _script_in(events: list[Event]) -> Script:
    ran = [event for event in events if event["ph"] == "X" and event["name"] in _SCRIPT]
    if not ran:
        return Script(0, 0)
    [(main, _)] = Counter(_thread(event) for event in ran).most_common(1)
    frames = sorted(event["ts"] for event in events if event["name"] == "Commit" and _thread(event) == main)
    times: Counter[int] = Counter()
    end = 0
    for event in sorted((event for event in ran if _thread(event) == main), key=lambda event: event["ts"]):
        # What runs within another one is counted with that.
        if event["ts"] >= end:
            times[bisect.bisect(frames, event["ts"])] += event["tdur" if "tdur" in event else "dur"]
            end = event["ts"] + event["dur"]
    return Script(sum(times.values()) / 1e3, max(times.values()) / 1e3)


def _thread(event: Event) -> tuple[int, int]:
    return event["pid"], event["tid"]
