"""What over a hundred real headers say, of some sixty programs: each is read as it says, and nothing is guessed.

headers.jsonl: a header a line, its cards as far as anybody reads them, and what it means; what `means` lacks it does
not say. Facts of public files, without names of people and without prose; site coordinates are rounded to 0.1 deg.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from astropy.io import fits

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fits import read_header
from obsy.engine.frames.header import binning, describe, exposure_of, filter_of, object_of, temperature
from obsy.engine.frames.kind import kind_said
from obsy.engine.frames.pointing import equinox, position
from obsy.engine.frames.repair import Repair
from obsy.engine.frames.settings import gain, setting
from obsy.engine.frames.start import proven_start
from obsy.errors import FrameError

CASES = [json.loads(line) for line in Path(__file__).with_name("headers.jsonl").read_text("ascii").splitlines()]
THINNED = {("N.I.N.A. 1.9", "frame")}
"""What the whole header says by a card that was left out where it was gathered."""


def cards_of(case: dict[str, Any], path: Path) -> Cards:
    """The cards as they come out of a file."""
    header = fits.Header([fits.Card(f"HIERARCH {key}" if len(key) > 8 else key, *said) for key, *said in case["cards"]])
    path.write_bytes(header.tostring().encode("ascii"))
    with path.open("rb") as stream:
        cards = read_header(stream)
    assert cards is not None
    return cards


def start(cards: Cards) -> datetime | None:
    try:
        return proven_start(cards).value
    except FrameError as refused:
        assert refused.code in {"bad-time", "no-time"}
        return None


def reading(cards: Cards) -> dict[str, Any]:
    kind, exposure, (ra, dec) = kind_said(cards).value, exposure_of(cards), position(cards).value
    across = binning(cards)
    return {
        "kind": str(kind) if kind else "unknown",
        "object": object_of(cards, kind).value or None,
        "filter": filter_of(cards),
        "exposure_s": exposure and exposure.value,
        "start_utc": start(cards),
        "gain": gain(cards),
        "offset": setting(cards, "OFFSET", "BLKLEVEL"),
        "binning": across and list(across),
        "temperature_c": temperature(cards).value,
        "ra_deg": ra,
        "dec_deg": dec,
        "frame": equinox(cards),
    }


def test_there_are_as_many_as_were_gathered() -> None:
    assert len(CASES) == 111


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case['program']}" for number, case in enumerate(CASES)])
def test_a_real_header_is_read_as_it_says(case: dict[str, Any], tmp_path: Path) -> None:
    found, means = reading(cards_of(case, tmp_path / "header.fits")), case["means"]
    for fact, value in found.items():
        meant = means.get(fact)
        if fact == "start_utc" and meant is not None:
            meant = datetime.fromisoformat(meant)
        if isinstance(meant, float):
            assert value == pytest.approx(meant, rel=1e-9, abs=1e-5), fact
        elif (case["program"], fact) not in THINNED:
            assert value == meant, fact


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case['program']}" for number, case in enumerate(CASES)])
def test_a_real_header_is_a_frame_or_refused_with_what_it_lacks(case: dict[str, Any], tmp_path: Path) -> None:
    """Whatever becomes of it, no fact of a frame is another than the header's."""
    cards, means = cards_of(case, tmp_path / "header.fits"), case["means"]
    try:
        frame = describe(cards, Path("frame.fits"), "")
    except FrameError as refused:
        lacks = {"no-kind": "kind", "no-time": "start_utc", "no-exposure": "exposure_s"}
        if (fact := lacks.get(refused.code)) is not None:
            assert means.get(fact) in {None, "unknown"}, refused
        else:
            assert refused.code in {"is-a-master", "no-image", "is-a-cube", "unknown-kind", "bad-time"}
        return
    assert frame.kind == means["kind"]
    assert frame.exposure_s == pytest.approx(means["exposure_s"], rel=1e-9)
    if "start_utc" in means:
        assert frame.taken_at == datetime.fromisoformat(means["start_utc"])
    else:
        assert Repair.NO_ZONE in frame.repairs


@pytest.mark.parametrize(
    ("program", "repair"),
    [
        ("Orion Camera Studio", Repair.KIND_ELSEWHERE),
        ("Huntsman POCS", Repair.KIND_BY_FIELD),
        ("Ekos/INDI + spectro script (LISA)", None),
        ("SAAO STE3 (foreign)", Repair.IN_KELVIN),
        ("UWMRO Andor", Repair.OF_DATE),
        ("N.I.N.A. 3.x", ""),
    ],
)
def test_what_was_read_by_a_rule_is_told(program: str, repair: str | None, tmp_path: Path) -> None:
    case = next(each for each in CASES if each["program"] == program)
    cards = {**cards_of({"cards": case["cards"]}, tmp_path / "header.fits"), "NAXIS1": 8, "NAXIS2": 8, "OBJECT": "m1"}
    if repair is None:
        with pytest.raises(FrameError):
            describe(cards, Path("frame.fits"), "")
        return
    repairs = describe(cards, Path("frame.fits"), "").repairs
    assert repairs == () if repair == "" else repair in repairs
