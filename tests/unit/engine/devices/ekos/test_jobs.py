"""Every dialect reads as written, says nothing that its version does not read, and comes back as it was meant.

The files are kept in tests/golden/ekos/VERSION; renew with `OBSY_RENEW=1`.
"""

from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from obsy.engine.devices.ekos.dialects import ELEMENTS, dialect_of
from obsy.engine.devices.ekos.jobs import EkosFrames, EkosTarget, list_text, sequence_text
from obsy.engine.devices.ports import Pointing
from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.wish import Wish
from tests.support.golden import assert_golden

GOLDEN = Path(__file__).resolve().parents[4] / "golden" / "ekos"
VERSIONS = ["3.6.2", "3.6.3", "3.6.4", "3.6.6", "3.6.7", "3.6.8", "3.6.9", "3.7.0", "3.7.3", "3.7.5", "3.7.6", "3.8.0"]
"""The first of each dialect."""
VALUES = {"NoDither", "TaskQueues", "EnforceWeather", "Procedure"}
"""Of the table, what is a value and no element."""
LIMITS = {"MinimumAltitude": 35.0, "MoonSeparation": 60.0, "EnforceWeather": None}
NAME, FOLDER, SIZE = "M 31 & <friends>", Path("/frames"), (6248, 4176)
TARGETS = [
    EkosTarget(NAME, Pointing(10.6847083, 41.26875), Path("/plans/01-m31-L.esq")),
    EkosTarget(
        "NGC 253",
        Pointing(11.888, -25.28822),
        Path("/plans/02 ngc-253.esq"),
        steps=("Track", "Focus", "Align", "Guide"),
        start=datetime(2026, 12, 17, 21, 30),  # noqa: DTZ001 - the site's clock
        constraints={**LIMITS, "EnforceTwilight": None},
    ),
]
LEVELS = {"CCD_CONTROLS": {"Gain": 100, "Offset": 10}}
SERIES = [
    EkosFrames("light", 180.0, 20, NAME, FOLDER / "01", SIZE, "Luminance", 1, -10.0, LEVELS, dither=3),
    EkosFrames("light", 0.5, 5, NAME, FOLDER / "01", SIZE, "Red", 2, dither=0),
    EkosFrames("bias", 0.0, 50, "bias", FOLDER / "bias", SIZE, levels=LEVELS),
    EkosFrames("dark", 180.0, 20, "dark", FOLDER / "dark", SIZE, temperature_c=-10.0),
    EkosFrames("flat", 3.0, 20, "flat", FOLDER / "flat", SIZE, "Luminance"),
]


def dialect(version: str):
    major, minor, patch = map(int, version.split("."))
    return dialect_of((major, minor, patch))


@pytest.mark.parametrize("driven", [True, False], ids=["driven", "by-hand"])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_dialect_reads_as_written_and_says_nothing_that_is_not_read(version, driven):
    spoken, folder = dialect(version), GOLDEN / version / ("driven" if driven else "by-hand")
    texts = {
        "schedule.esl": list_text(TARGETS, spoken, "obsy" if driven else None),
        "sequence.esq": sequence_text(SERIES, spoken, driven, refocus_min=0 if driven else 60),
    }
    said = set()
    for name, text in texts.items():
        assert_golden(text, folder / name)
        said |= {element.tag for element in ElementTree.fromstring(text).iter()}
        said |= {element.text for element in ElementTree.fromstring(text).iter("Constraint")}
    assert said & set(ELEMENTS) <= spoken.knows
    wanted = {each for each in spoken.knows - VALUES if driven or each not in ("Autofocus", "HFRCheck")}
    assert wanted <= said


def test_each_version_that_is_kept_is_the_first_of_its_dialect():
    told = [dialect(each)[1:] for each in VERSIONS]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_written_comes_back_as_it_was_meant(version, tmp_path):
    sequence = tmp_path / "02 ngc-253.esq"
    sequence.write_text(sequence_text(SERIES, dialect(version)))
    path = tmp_path / "night.esl"
    source = GivenFile(path, list_text(TARGETS[1:], dialect(version)))
    (wish,) = [each for each in reader_of(source, None).read(source) if isinstance(each, Wish)]
    assert (wish.name, wish.target) == ("NGC 253", {"ra": "00h47m33.12s", "dec": "-25d17m17.6s"})
    assert [(goal["filter"], goal["exposure"], goal["count"]) for goal in wish.want] == [
        ("Luminance", "180 s", 20),
        ("Red", "0.5 s", 5),
    ]
    assert wish.when == {"altitude": "above 35 deg", "moon": "farther than 60 deg"}
    assert wish.more == {"guiding": "required"}


@pytest.mark.parametrize(("version", "never", "unsaid"), [("3.7.3", "0", "0"), ("3.7.5", "-1", "0")])
def test_a_dither_that_is_not_wanted_is_said_where_it_can_be(version, never, unsaid):
    told = ElementTree.fromstring(sequence_text(SERIES, dialect(version)))
    assert [each.text for each in told.iter("GuideDitherPerJob")] == ["3", never, unsaid, unsaid, unsaid]


def test_the_rotator_is_left_as_it_is():
    told = ElementTree.fromstring(list_text(TARGETS, dialect("3.6.2")))
    assert {each.text for each in told.iter("PositionAngle")} == {"-181"}
