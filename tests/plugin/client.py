"""Asks a real TensorBoard's routes of ours."""

from __future__ import annotations

import json
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import requests
import zstandard

from tensorboard_plugin_rnnweights.summary import payload

LIMIT = 2**28


class Client:
    """Our routes at one address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(
        self,
        route: str,
        *,
        encoding: str = "identity",
        method: str = "GET",
        if_none_match: str = "",
        **arguments: Any,
    ) -> Any:
        """Asks, and gives the answer with its body as it came, not decoded."""
        answer = requests.request(
            method,
            f"{self.url}/data/plugin/rnnweights/{route}",
            params=arguments,
            headers={"Accept-Encoding": encoding, "If-None-Match": if_none_match},
            stream=True,
            timeout=60,
        )
        answer._content = answer.raw.read(decode_content=False)
        return answer

    def catalog(self) -> dict[str, Any]:
        """The runs of the catalog by name."""
        return {run["run"]: run for run in self.get("catalog").json()["runs"]}

    def series(self, run: str) -> dict[str, Any]:
        """The series of a run by tag."""
        return {one["tag"]: one for one in self.catalog()[run]["series"]}

    def histograms(self, run: str, tag: str, encoding: str = "identity") -> dict[str, npt.NDArray[Any]]:
        """The arrays of a series' histograms."""
        answer = self.get("histograms", run=run, tag=tag, encoding=encoding)
        assert answer.status_code == 200, answer.text
        return payload.decode(_plain(answer))

    def statistics(self, run: str, tag: str) -> dict[str, npt.NDArray[Any]]:
        """Statistics and measures of a series by name, of shape (steps, gates)."""
        plain = _plain(self.get("histograms", run=run, tag=tag))
        header = json.loads(plain[8 : 8 + int.from_bytes(plain[:8], "little")])
        names = header["__metadata__"]["statistics"].split(",")
        numbers = payload.decode(plain)["statistics"]
        return dict(zip(names, np.moveaxis(numbers, 2, 0), strict=True))

    def profiles(self, run: str, tag: str, encoding: str = "identity") -> dict[str, npt.NDArray[Any]]:
        """The arrays of a series' profiles."""
        answer = self.get("profiles", run=run, tag=tag, encoding=encoding)
        assert answer.status_code == 200, answer.text
        return payload.decode(_plain(answer))

    def numbers(self, route: str, **arguments: Any) -> tuple[dict[str, str], dict[str, npt.NDArray[Any]]]:
        """The metadata and the arrays of an answer."""
        answer = self.get(route, **arguments)
        assert answer.status_code == 200, answer.text
        plain = _plain(answer)
        header = json.loads(plain[8 : 8 + int.from_bytes(plain[:8], "little")])
        return header["__metadata__"], payload.decode(plain)

    def cells(self, run: str, tag: str, step: int, encoding: str = "identity") -> npt.NDArray[Any]:
        """The cells of a heatmap."""
        answer = self.get("heatmap", run=run, tag=tag, step=step, encoding=encoding)
        assert answer.status_code == 200, answer.text
        return payload.decode(_plain(answer))["cells"]


def as_bfloat16(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What a heatmap keeps of some values."""
    return np.ascontiguousarray(values).astype(ml_dtypes.bfloat16)


def _plain(answer: requests.Response) -> bytes:
    if answer.headers.get("Content-Encoding") == "zstd":
        return bytes(zstandard.ZstdDecompressor().decompress(answer.content, max_output_size=LIMIT))
    return answer.content
