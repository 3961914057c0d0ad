"""Every dialect reads as written, says nothing that its version does not read, and comes back as it was meant.

Kept in tests/golden/ekos: the files of the first dialect, and of each other what it says differently from the one
before; renew with `OBSY_RENEW=1`.
"""

from difflib import unified_diff
from pathlib import Path
from xml.etree import ElementTree

import pytest

from obsy.engine.devices.ekos.dialects import ELEMENTS
from obsy.engine.devices.ekos.jobs import list_text, sequence_text
from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.wish import Wish
from tests.support.ekos_files import SERIES, TARGETS, VERSIONS, dialect, written
from tests.support.golden import assert_golden

GOLDEN = Path(__file__).resolve().parents[4] / "golden" / "ekos"
VALUES = {"NoDither", "TaskQueues", "EnforceWeather", "Procedure"}
"""Of the table, what is a value and no element."""


@pytest.mark.parametrize("driven", [True, False], ids=["driven", "by-hand"])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_dialect_reads_as_written_and_says_nothing_that_is_not_read(version, driven):
    spoken, folder = dialect(version), GOLDEN / version / ("driven" if driven else "by-hand")
    said, before = set(), written(VERSIONS[VERSIONS.index(version) - 1], driven=driven)
    for name, text in written(version, driven=driven).items():
        if version == VERSIONS[0]:
            assert_golden(text, folder / name)
        else:
            lines = before[name].splitlines(), text.splitlines()
            assert_golden("\n".join([*unified_diff(*lines, n=1, lineterm=""), ""]), folder / f"{name}.diff")
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
