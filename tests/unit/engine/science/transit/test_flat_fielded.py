"""Of frames and their flats: those that name none are doubted, in whatever way others name it."""

import pytest

from obsy.engine.science.transit.flat_fielded import flat_doubts

RAW = {"CALSTAT": "BD", "FLATWHY": "no flat of R", "FILTER": "F"}


@pytest.mark.parametrize("card", [("FLATSHA", "ab12"), ("FLATCOR", "done"), ("L1IDFLAT", "x.fits"), ("CALSTAT", "BDF")])
def test_frames_that_name_a_flat_are_not_doubted(card):
    assert flat_doubts([RAW | dict([card])] * 3) == []


def test_frames_that_name_none_are_doubted_with_where_better_ones_are():
    (told,) = flat_doubts([RAW] * 3)
    assert told.startswith("no header says that a flat was divided out") and "products/, not in archive/" in told


def test_some_that_name_none_are_counted():
    (told,) = flat_doubts([RAW, RAW | {"FLATSHA": "ab12"}, {}])
    assert told.startswith("2 of 3 headers do not say that a flat was divided out")
