"""What holds of every answer, whatever was asked and whatever was logged."""

from __future__ import annotations

from tests.fuzz.served import Answer

STATUSES = frozenset({200, 304, 400, 404, 405})
"""All that `openapi.json` names."""

# A reason tells what was asked for, which is at most as long as a URL may be, and a little more.
_LONGEST_REASON = 2**17


def check(answer: Answer) -> Answer:
    """Raises `AssertionError` where an answer is none that `http_api.md` promises."""
    said = answer.asked[:400], answer.status, dict(answer.headers), answer.body[:400]
    assert answer.status in STATUSES, said
    assert not answer.warnings, (answer.warnings, said)
    assert answer.headers.get("x-content-type-options") == "nosniff", said
    assert answer.headers.get("content-type"), said
    if answer.status >= 400 and answer.headers.get("content-encoding") != "gzip":
        assert answer.headers["content-type"] == "text/plain; charset=utf-8", said
        assert len(answer.body) <= _LONGEST_REASON, said
        # A request for the headers alone gets no reason.
        assert len(answer.body.decode().splitlines()) == (
            1 if int(answer.headers["content-length"]) else 0
        ) or (not answer.body), said
        assert b"Traceback" not in answer.body, said
    return answer
