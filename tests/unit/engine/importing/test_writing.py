"""Wishes become plans, if they can be for what they name."""

from pathlib import Path

import pytest

from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.placing import all_told
from obsy.engine.importing.wish import Leftover, Wish
from obsy.engine.importing.writing import doubt, named


def test_a_name_loses_its_accents_and_no_letter() -> None:
    assert named(Wish("Étoile de Kapteyn", 3)) == "etoile-de-kapteyn"


@pytest.mark.parametrize(
    "text",
    [
        "name,ra,dec\nfar,299.9,22.7\nM57,18.893,33.03\n",
        "<SchedulerList><Job><Name>M57</Name><Coordinates><J2000RA>1.26</J2000RA><J2000DE>33.03</J2000DE></Coordinates>"
        "</Job></SchedulerList>",
        '{"$type": "NINA.x", "Target": {"TargetName": "M57",'
        ' "InputCoordinates": {"RAHours": 1.26, "DecDegrees": 33.03}}}',
    ],
    ids=["table", "ekos", "nina"],
)
def test_a_place_far_from_what_bears_its_name_is_a_mistake_in_every_format(text: str) -> None:
    source = GivenFile(Path("list"), text)
    doubts = [doubt(each) for each in reader_of(source, None).read(source) if isinstance(each, Wish)]
    (told,) = filter(None, doubts)
    assert (told.found, bool(told.mend)) == ("'M57': its place is 77 deg from M 57", True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name,ra,dec\nM57,-05d23m28s,05h35m17s\n", "'M57': '-05d23m28s' and '05h35m17s' are no place"),
        (
            "<RTML><Request><Target><Name>M57</Name><Coordinates><RightAscension>-10</RightAscension>"
            "<Declination>12</Declination></Coordinates></Target></Request></RTML>",
            "'M57': '-10' and '12' are no place",
        ),
        (
            '{"$type": "NINA.x", "Target": {"TargetName": "M57", "InputCoordinates":'
            ' {"RAHours": 5, "RAMinutes": 75, "DecDegrees": 3}}}',
            "'M57': its coordinates are no place",
        ),
        ('{"targets": [{"star_name": "M57", "ra": 10, "dec": 95}]}', "'M57': its coordinates are no place"),
    ],
    ids=["table", "rtml", "nina", "aavso"],
)
def test_coordinates_that_are_no_place_are_refused_and_no_name_stands_in_for_them(text: str, found: str) -> None:
    source = GivenFile(Path("list"), text)
    (told,) = (each for each in all_told(reader_of(source, None), source) if isinstance(each, Leftover) and each.mend)
    assert told.found == found


def test_a_name_that_is_a_word_is_asked_for_and_a_star_is_not() -> None:
    asked = [
        name for name in ("Other", "Rand", "rand", "OT Her", "SSCyg", "Vega", "Jupiter", "M 57") if doubt(Wish(name, 1))
    ]
    assert asked == ["Other", "Rand", "rand"]
    place = {"ra": "16h00m00s", "dec": "+20d00m00s"}
    told = doubt(Wish("Other", 1, place))
    assert told is None or "is a word" not in told.found
