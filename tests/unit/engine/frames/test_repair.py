"""By which rules frames were read can be counted: a code holds nothing of the one frame."""

from obsy.engine.frames.header import read
from obsy.engine.frames.repair import WORDS, Repair, told


def test_each_rule_has_words_and_no_two_the_same():
    assert WORDS.keys() == set(Repair)
    assert len(set(WORDS.values())) == len(WORDS)


def test_frames_that_one_rule_read_have_one_repair_whatever_they_say(make):
    warm = [read(make(CCD_TEMP=kelvin, DATE_OBS="2026-11-21T20:15:00Z")) for kelvin in (263.15, 263.21, 262.97)]
    assert {frame.repairs for frame in warm} == {(Repair.IN_KELVIN,)}
    assert len({frame.temperature_c for frame in warm}) == 3


def test_a_person_is_told_code_and_words_and_the_words_of_earlier_versions():
    assert told("in-kelvin") == "in-kelvin: its temperature is in kelvin"
    assert told("CCD-TEMP 263.15 is in kelvin") == "CCD-TEMP 263.15 is in kelvin"
