"""What a reader asks for and cannot use is told, as what nobody asks for is."""

from pathlib import Path

import pytest

from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.placing import all_told
from obsy.engine.importing.wish import Wish

HERE = '"InputCoordinates": {"RAHours": 5, "DecDegrees": 10}'
TAKE = '{{"$type": "NINA.TakeExposure, N", "ExposureTime": {}, "ImageType": "LIGHT"}}'
LOOP = '"Conditions": {{"$values": [{{"$type": "NINA.LoopCondition, N", "Iterations": {}}}]}}'


def nina(exposure: str, turns: str = "1") -> str:
    items = f'"Items": {{"$values": [{TAKE.format(exposure)}]}}'
    return f'{{"$type": "NINA.x", "Target": {{"TargetName": "T", {HERE}}}, {items}, {LOOP.format(turns)}}}'


def rtml(schedule: str, pictures: str = "") -> str:
    at = "<Coordinates><RightAscension>10</RightAscension><Declination>20</Declination></Coordinates>"
    target = f"<Target><Name>T</Name>{at}{pictures}</Target>"
    return f"<RTML><Request><Schedule>{schedule}</Schedule>{target}</Request></RTML>"


def ocs(limits: str, exposure: str = '"exposure_time": 30, "exposure_count": 2') -> str:
    one = f'{{"type": "EXPOSE", "constraints": {{{limits}}}, "target": {{"name": "T", "ra": 1, "dec": 2}}, '
    return f'{{"requests": [{{"configurations": [{one}"instrument_configs": [{{{exposure}}}]}}]}}]}}'


PICTURE = '<Picture count="{}"><ExposureTime>{}</ExposureTime><Filter>V</Filter></Picture>'


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("name,exposure,count,filter\nT,0,10,L\n", ["10 frames of 0 s in L, which obsy cannot take"]),
        ("name,exposure,count,filter\nT,60,-5,L\n", ["-5 frames of 60 s in L, which obsy cannot take"]),
        ("name,exposure,count,filter\nT,60,0,L\n", ["0 frames of 60 s in L, which obsy cannot take"]),
        ("name,exposure,count,filter\nT,60,many,L\n", ["'many', for want of a number: ten are a guess"]),
        ("name,exposure,count,filter\nT,60,,L\n", ["how many frames: ten are a guess"]),
        ("name,exposure,count,filter\nT,60,2.7,L\n", ["the part of a frame in 2.7 frames of 60 s"]),
        (nina("0.0"), ["1 frames of 0 s in ?, which obsy cannot take"]),
        (nina("2000000"), ["1 frames of 2000000 s in ?, which obsy cannot take"]),
        (nina("60", turns="0"), ["Iterations 0"]),
        (rtml("", PICTURE.format(2, -60)), ["2 frames of -60 s in V, which obsy cannot take"]),
        (rtml("", PICTURE.format(0, 60)), ["count 0"]),
        (rtml("<TimeRange><Earliest>2026-13-40</Earliest></TimeRange>"), ["Earliest 2026-13-40"]),
        (rtml("<HourAngleRange><East>-3</East></HourAngleRange>"), ["East -3"]),
        (rtml("<AirmassRange><Minimum>1</Minimum><Maximum>0.9</Maximum></AirmassRange>"), ["Maximum 0.9"]),
        (rtml("<Moon><Down/></Moon>"), ["Down"]),
        (rtml("<Horizon>low</Horizon>"), ["Horizon low"]),
        (ocs('"max_airmass": 1.0, "min_lunar_distance": 0.5'), ["max_airmass 1.0", "min_lunar_distance 0.5"]),
        (ocs('"max_airmass": 1.6, "min_lunar_distance": 0, "max_lunar_phase": 1.0'), []),
        (ocs('"max_lunar_phase": 0.0'), ["max_lunar_phase 0.0"]),
        (ocs("", '"exposure_time": 0, "exposure_count": 3'), ["3 frames of 0 s in ?, which obsy cannot take"]),
    ],
)  # fmt: skip
def test_what_was_asked_for_in_vain_is_told(text: str, lost: list[str]) -> None:
    source = GivenFile(Path("list"), text)
    (wish,) = (each for each in all_told(reader_of(source, None), source) if isinstance(each, Wish))
    assert list(wish.lost) == lost


def test_a_truth_in_quotes_is_one() -> None:
    source = GivenFile(Path("list"), '{"targets": [{"star_name": "T", "ra": 1, "dec": 2, "priority": "true"}]}')
    (wish,) = (each for each in all_told(reader_of(source, None), source) if isinstance(each, Wish))
    assert wish.more["priority"] == 8
