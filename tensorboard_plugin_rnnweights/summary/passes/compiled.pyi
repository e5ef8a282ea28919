"""`compiled.c`: arrays by their addresses, float32 with a contiguous last axis, strides in bytes."""

def scan(
    values: int,
    rows: int,
    gates: int,
    columns: int,
    stride: int,
    before: int,
    stride_before: int,
    statistics: int,
    norms: int,
    offsets: int,
    keys: int,
    counts: int,
    /,
) -> None:
    """Fills in what `Scan` is made of; there has to be room for a bin for each value, or for all bins.

    Where `before` is not 0, it scans what has changed since.
    """

def to_bfloat16(values: int, count: int, cells: int, /) -> None:
    """Fills in the cells of contiguous values."""

def pool(
    values: int, rows: int, gates: int, columns: int, stride: int, height: int, width: int, pools: int, /
) -> None:
    """Fills in the pools, float32, contiguous."""
