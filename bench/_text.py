"""Cases of text: FITS headers, YAML."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from ruamel.yaml import YAML

from bench._case import Case
from obsy.engine.declare.nodes import nodes
from obsy.engine.declare.read import Reader
from obsy.engine.frames.cards import read_header

ROOT = Path(__file__).resolve().parents[1]
ASKED = ("OBJECT", "EXPTIME", "GAIN", "NAXIS1", "NAXIS2", "FILTER", "DATE-OBS", "XBINNING", "CCD-TEMP", "RA", "DEC")


def text() -> list[Case]:
    """The cases: the header of a frame, and all plans of the example."""
    header = fits.Header({"OBJECT": "M 31", "EXPTIME": 60.0} | {f"KEY{index}": index * 1.5 for index in range(60)})
    file = io.BytesIO()
    fits.PrimaryHDU(np.zeros((10, 10), np.uint16), header).writeto(file)
    plans = [path for path in sorted((ROOT / "plans").glob("*.yaml")) for _ in range(10)]

    def cards() -> Any:
        found = read_header(io.BytesIO(file.getvalue())) or {}
        return [found.get(key) for key in ASKED]

    def astropy() -> Any:
        found = fits.Header.fromfile(io.BytesIO(file.getvalue()))
        return [found.get(key) for key in ASKED]

    def ours() -> Any:
        return [dict(written.value) for path in plans for written in Reader(ROOT).read([path])]

    def ruamel() -> Any:
        return [dict(value) for path in plans for value in YAML(typ="safe", pure=True).load_all(path.read_text())]

    def pure() -> Any:
        return [list(YAML(typ="safe", pure=True).compose_all(path.read_text())) for path in plans]

    def unlike(one: list[Any], other: list[Any]) -> float:
        return float(sum(bool(mine != theirs) for mine, theirs in zip(one, other, strict=True)))

    return [
        Case("header of a frame", {"ours": cards, "astropy": astropy}, unlike, "values", 20),
        Case(
            "90 plans to values, each with its place",
            {"ours": ours, "ruamel_without_places": ruamel},
            unlike,
            "plans",
            2,
        ),
        Case(
            "90 plans to nodes",
            {"libyaml": lambda: [nodes(path.read_text(), str(path)) for path in plans], "ruamel": pure},
            lambda one, other: len(other) - len(one),
            "plans",
            2,
        ),
    ]
