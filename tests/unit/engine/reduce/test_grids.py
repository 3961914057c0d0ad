from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.reduce.grids import PixelGrid, grid_cards, refuse_other
from obsy.engine.reduce.orders import Field, LiveOrder, StackOrder
from obsy.engine.reduce.plane import grid, tangent
from obsy.engine.reduce.product import dress
from obsy.engine.reduce.wcs_cards import placed
from obsy.engine.reduce.work import add_live, combine_stack, lies_on
from obsy.errors import FrameError

FIELD = Field(10.6847, 41.269, 1.9, 30.0, 60, 80, "m31")
OTHERS = {
    "another turn": replace(FIELD, angle_deg=30.2),
    "another focal length": replace(FIELD, scale_arcsec=1.91),
    "another target": replace(FIELD, ra_deg=83.82, dec_deg=-5.39, reference="m42"),
    "the other side of the sky": replace(FIELD, ra_deg=190.6847, dec_deg=-41.269),
    "a pixel beside it": replace(FIELD, dec_deg=41.269 + 1.9 / 3600),
}
SAME = {
    "itself": FIELD,
    "of another picture": replace(FIELD, reference="m31-again"),
    "by a hair": replace(FIELD, ra_deg=10.684700001),
}


def header_of(field, named=True):
    sized = fits.Header([("NAXIS", 2), ("NAXIS1", field.columns), ("NAXIS2", field.rows), ("EXPTIME", 60.0)])
    return dress(placed(sized, grid(field)), grid_cards(field) if named else ())


@pytest.mark.parametrize("named", [(True, True), (True, False), (False, True), (False, False)])
def test_grids_are_told_apart_by_name_or_by_where_they_lie(named):
    mine = PixelGrid.said(header_of(FIELD, named[0]))
    for what, field in SAME.items():
        assert mine.is_same(PixelGrid.said(header_of(field, named[1]))), what
    for what, field in OTHERS.items():
        assert not mine.is_same(PixelGrid.said(header_of(field, named[1]))), what


def test_a_grid_of_another_size_or_another_rule_is_another():
    mine = PixelGrid.of(FIELD)
    assert mine.is_same(PixelGrid.of(FIELD))
    assert not mine.is_same(PixelGrid.of(replace(FIELD, rows=61)))
    assert not mine.is_same(replace(mine, version=2))


@pytest.mark.parametrize("hinge", [(0, 0), (80, 60)])
def test_grids_that_share_one_corner_are_two(hinge):
    one, other = (tangent(10.0, 41.0, hinge, np.diag([-scale, scale])) for scale in (5e-4, 5.02e-4))
    assert not PixelGrid((60, 80), one, 1).is_same(PixelGrid((60, 80), other, 1))
    assert PixelGrid((60, 80), one, 1).is_same(PixelGrid((60, 80), one, 1))


def test_files_that_say_no_place_are_alike_by_their_size_alone():
    bare = fits.Header([("NAXIS", 2), ("NAXIS1", 80), ("NAXIS2", 60)])
    assert PixelGrid.said(bare).is_same(PixelGrid.said(bare))
    assert not PixelGrid.said(bare).is_same(PixelGrid.of(FIELD))
    assert not PixelGrid.of(FIELD).is_same(PixelGrid.said(bare))


def test_an_id_is_the_same_wherever_the_same_grid_is_declared():
    assert FIELD.id == "8354de669b02ee75"
    assert FIELD.id == replace(FIELD, reference="another").id
    assert len({FIELD.id, *(field.id for field in OTHERS.values())}) == 1 + len(OTHERS)


def test_a_refusal_names_both_grids():
    with pytest.raises(FrameError) as fault:
        refuse_other("a.fits", header_of(OTHERS["another target"]), PixelGrid.said(header_of(FIELD, named=False)))
    assert str(fault.value) == (
        "other-grid: a.fits lies on the grid of m42 (83.8200 -5.3900, 1.900 arcsec/px, turned 30.0 deg, 80 x 60 px), "
        "not on the grid 10.6847 +41.2690, 1.900 arcsec/px, turned 30.0 deg, 80 x 60 px"
    )
    assert fault.value.code == "other-grid"
    assert str(PixelGrid((60, 80), None, 1)) == "a grid of 80 x 60 px that says no place"
    assert ", by rule 2)" in str(replace(PixelGrid.of(FIELD), version=2))


@pytest.fixture
def lay(tmp_path):
    def write(name, field, named=True, level=900.0):
        path = tmp_path / name
        counts = np.random.default_rng(len(name)).normal(level, 5, (field.rows, field.columns)).astype(np.float32)
        fits.writeto(path, counts, header_of(field, named))
        return path

    return write


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("named", [True, False])
def test_a_frame_of_another_grid_of_equal_size_is_added_to_no_stack(lay, tmp_path, other, named):
    mine, theirs = lay("a.fits", FIELD), lay("b.fits", OTHERS[other], named)
    order = StackOrder((mine, theirs), tmp_path / "s.fits", tmp_path / "s.png")
    for asked in (order, replace(order, field=FIELD), replace(order, aligned=(theirs, theirs), field=FIELD)):
        with pytest.raises(FrameError, match="other-grid: b.fits lies on the grid"):
            combine_stack(asked)
        assert not order.target.exists()


@pytest.mark.parametrize("other", OTHERS)
def test_a_frame_of_another_grid_is_not_added_to_the_live_stack(lay, tmp_path, other):
    mine, theirs = lay("a.fits", FIELD), lay("b.fits", OTHERS[other])
    live = LiveOrder(mine, "a" * 64, tmp_path / "live.fits", tmp_path / "live.png")
    add_live(live)
    before = live.stack.read_bytes()
    with pytest.raises(FrameError, match="other-grid: b.fits lies on the grid"):
        add_live(replace(live, aligned=theirs, sha256="b" * 64))
    assert live.stack.read_bytes() == before
    add_live(replace(live, aligned=theirs))  # a frame that is in it is not added again, wherever it lies by now


def test_stacks_carry_their_grid_and_those_of_older_frames_too(lay, tmp_path):
    old = lay("a.fits", FIELD, named=False), lay("b.fits", FIELD, named=True)
    order = StackOrder(old, tmp_path / "s.fits", tmp_path / "s.png", field=FIELD)
    combine_stack(order)
    said = fits.getheader(order.target)
    assert (said["GRIDID"], said["GRIDREF"], said["GRIDVER"]) == (FIELD.id, "m31", 1)
    assert PixelGrid.said(said).is_same(PixelGrid.of(FIELD))


def test_a_file_lies_on_a_field_or_does_not_or_cannot_be_read(lay, tmp_path):
    assert lies_on(lay("old.fits", FIELD, named=False), FIELD)
    assert not lies_on(lay("other.fits", OTHERS["another turn"], named=False), FIELD)
    (tmp_path / "words.fits").write_text("no picture")
    assert not lies_on(tmp_path / "words.fits", FIELD)
    assert not lies_on(tmp_path / "gone.fits", FIELD)
