"""Bytes that are nearly the right ones: what a bad disk, a bad link or a bad person makes of them."""

from __future__ import annotations

from hypothesis import strategies as st

_FURTHER = (b"", b"\x00", b"\xff" * 8, b"\x28\xb5\x2f\xfd", bytes(64))


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Cuts, flips, puts in, takes out or repeats a part; now and then bytes that never were anything."""
    how = draw(st.sampled_from(_WAYS))
    return how(draw, bytearray(whole))


def _place(draw: st.DrawFn, whole: bytearray) -> int:
    return draw(st.integers(0, max(0, len(whole) - 1)))


def _cut(draw: st.DrawFn, whole: bytearray) -> bytes:
    return bytes(whole[: _place(draw, whole)])


def _flip(draw: st.DrawFn, whole: bytearray) -> bytes:
    for _ in range(draw(st.integers(1, 4)) if whole else 0):
        whole[_place(draw, whole)] ^= 1 << draw(st.integers(0, 7))
    return bytes(whole)


def _put(draw: st.DrawFn, whole: bytearray) -> bytes:
    at = _place(draw, whole)
    whole[at : at + draw(st.integers(0, 8))] = draw(
        st.one_of(st.sampled_from(_FURTHER), st.binary(max_size=8))
    )
    return bytes(whole)


def _repeat(draw: st.DrawFn, whole: bytearray) -> bytes:
    at = _place(draw, whole)
    return bytes(whole[:at] + whole[at:] * draw(st.integers(0, 3)))


def _other(draw: st.DrawFn, whole: bytearray) -> bytes:
    del whole
    return draw(st.binary(max_size=64))


_WAYS = (_cut, _flip, _flip, _put, _repeat, _other)
