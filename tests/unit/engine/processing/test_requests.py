"""What the night asks for: masters of frames that are alike, which say what they are, and stacks in a fixed order."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.frames.frame import Frame
from obsy.engine.library.master import CalibrationSet
from obsy.engine.processing.rules import Credit, ProcessingRules
from obsy.engine.reduce.orders import Field
from obsy.engine.reduce.work import build_master
from obsy.engine.store.record import Product, State, as_master
from obsy.errors import FrameError
from tests.support.bench import LEVELS, NIGHT, SOON_S, START, Bench, Hands, credit

DARKS = CalibrationSet("main", "dark", 60.0, None, 3)


def built(room: Bench, wanted: CalibrationSet) -> Product:
    """The master of a set, as the store has it."""
    made = room.processing.build(wanted, NIGHT).result(SOON_S)
    return next(each for each in room.store.products("master") if each.path == made.path)


def test_a_master_says_what_it_was_made_of_and_how(room: Bench) -> None:
    warmth = (-10.0, -11.0, None, -12.0)
    room.take(*(room.shoot(n, "Dark", EXPTIME=60.0, FILTER="", **{"CCD-TEMP": t}) for n, t in enumerate(warmth)))
    master = built(room, DARKS)
    assert master.about == {
        "kind": "dark",
        "filter": None,
        "exposure_s": 60.0,
        "gain": 100,
        "offset": 10,
        "binning": 1,
        "temperature_c": -11.0,
        "camera": "cam",
        "taken_at": (START + timedelta(minutes=12)).isoformat(),
        "frames": 4,
        "readout": None,
        "rotation_deg": None,
        "pedestal": True,
    }
    assert (master.kind, master.night, master.site, master.train, master.frame) == (
        "master",
        NIGHT,
        "home",
        "main",
        None,
    )
    assert master.recipe == {"reject": 3.0, "masters": []}
    assert re.fullmatch(r"main_dark_60s_[0-9a-f]{12}\.fits", master.path.name)
    assert master.path.with_name(master.path.name + ".json").exists()


def test_a_camera_without_a_thermometer_leaves_the_temperature_of_its_master_unknown(room: Bench) -> None:
    room.take(*(room.shoot(n, "Dark", EXPTIME=60.0, FILTER="", **{"CCD-TEMP": None}) for n in range(3)))
    assert built(room, DARKS).about["temperature_c"] is None


def test_a_flat_leans_on_its_bias_and_the_dark_of_its_exposure(room: Bench) -> None:
    for kind, exposure_s, role in (("Bias", 0.0, None), ("Dark", 2.0, None), ("Flat", 2.0, "L")):
        room.master(kind, exposure_s, role)
    bias, dark, flat = (
        next(each for each in room.store.products("master") if each.about["kind"] == kind)
        for kind in ("bias", "dark", "flat")
    )
    frames = tuple(frame.sha256 for frame in room.store.frames(kind="flat"))
    assert flat.parents == (*frames, bias.sha256, dark.sha256)
    assert (flat.about["filter"], flat.path.name.startswith("main_flat_L_2s_")) == ("L", True)
    assert [line.split(" (")[0] for line in flat.recipe["masters"]] == [
        f"bias: {bias.path.name}",
        f"dark: {dark.path.name}",
    ]


def test_a_master_knows_whether_its_pedestal_is_in_it_also_one_of_an_earlier_version(room: Bench) -> None:
    room.take(*(room.shoot(n, "Dark", EXPTIME=60.0, FILTER="") for n in range(3)))
    room.processing.build(DARKS, NIGHT).result(SOON_S)
    room.master("Bias", 0.0)
    room.take(*(room.shoot(10 + n, "Dark", EXPTIME=90.0, FILTER="") for n in range(3)))
    room.processing.build(replace(DARKS, exposure_s=90.0), NIGHT).result(SOON_S)
    expected = {("bias", 0.0): True, ("dark", 60.0): True, ("dark", 90.0): False}
    assert {(each.kind, each.exposure_s): each.pedestal for each in room.store.masters()} == expected
    for product in room.store.products("master"):
        silent = {key: value for key, value in product.about.items() if key != "pedestal"}
        for recipe in (product.recipe, {"reject": 3.0}):
            master = as_master(replace(product, about=silent, recipe=recipe))
            assert master.pedestal == expected[master.kind, master.exposure_s]


def test_flats_that_nothing_frees_of_their_pedestal_are_no_master(room: Bench) -> None:
    flats = CalibrationSet("main", "flat", 2.0, "L", 3)
    room.take(*(room.shoot(n, "Flat", EXPTIME=2.0) for n in range(3)))
    with pytest.raises(FrameError, match="no-master: bias: none of cam, .*; nor a dark of the flats' own exposure"):
        room.processing.build(flats, NIGHT).result(SOON_S)
    room.master("Dark", 2.0)
    made = built(room, flats)
    assert (made.about["pedestal"], [line[:5] for line in made.recipe["masters"]]) == (False, ["dark:"])


@pytest.mark.parametrize(
    "said",
    [{"EXPOSURE": (2000.0, "Exposure time in ms")}, {"EXPTIME": "2,0"}, {"EXP": 2.0}],
    ids=lambda said: next(iter(said)),
)
def test_a_master_is_built_by_the_exposure_that_was_read_when_its_frames_came(
    open_room: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch, said: dict[str, object]
) -> None:
    monkeypatch.setattr(Hands, "build_master", lambda _, order: build_master(order))
    room = open_room()
    room.master("Dark", 2.0)
    paths = [room.shoot(n, "Flat") for n in range(3)]
    for path in paths:
        with fits.open(path, mode="update") as hdus:
            del hdus[0].header["EXPTIME"]
            hdus[0].header.update(said)
    counts = [fits.getdata(path).astype(float) for path in paths]
    room.take(*paths)
    made = built(room, CalibrationSet("main", "flat", 2.0, "L", 3))
    (dark,) = (each.path for each in room.store.products("master") if each.about["kind"] == "dark")
    bare = [each - fits.getdata(dark) for each in counts]
    mean = np.mean([each / np.median(each) for each in bare], axis=0)
    header = fits.getheader(made.path)
    assert np.median(np.abs(fits.getdata(made.path) - mean / mean.mean())) < 1e-5
    assert header["LEVEL"] == pytest.approx(LEVELS["Flat"] - LEVELS["Dark"], abs=5.0), "its pedestal is off"
    assert (header["EXPTIME"], "DARKSHA" in header, made.about["pedestal"]) == (2.0, True, False)


@pytest.mark.parametrize("odd", [{"GAIN": 0}, {"OFFSET": 0}, {"XBINNING": 2}, {"INSTRUME": "other"}, {"EXPTIME": 61.0}])
def test_frames_that_are_not_like_most_are_left_out_of_a_master(room: Bench, odd: dict[str, object]) -> None:
    plain = {"EXPTIME": 60.0, "FILTER": ""}
    room.take(room.shoot(9, "Dark", **plain | odd), *(room.shoot(n, "Dark", **plain) for n in range(3)))
    assert built(room, DARKS).about["frames"] == 3


def test_a_driver_may_round_the_exposure_that_was_asked_for(room: Bench) -> None:
    room.take(*(room.shoot(n, "Dark", EXPTIME=60.0 + 0.004 * n, FILTER="") for n in range(3)))
    assert built(room, DARKS).about["frames"] == 3


def test_every_bias_counts_however_short_its_driver_says_it_was(room: Bench) -> None:
    room.take(*(room.shoot(n, "Bias", EXPTIME=0.001 * n, FILTER="") for n in range(3)))
    bias = built(room, CalibrationSet("main", "bias", 0.0, None, 3))
    assert (bias.about["frames"], bias.path.name.startswith("main_bias_0s_")) == (3, True)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (DARKS, "2 good dark 60 s frames of 2026-11-21; a master needs 3"),
        (CalibrationSet("main", "flat", 2.0, "L", 3), "0 good flat L 2 s frames of 2026-11-21; a master needs 3"),
        (CalibrationSet("other", "dark", 60.0, None, 3), "0 good dark 60 s frames of 2026-11-21; a master needs 3"),
    ],
)
def test_fewer_than_three_frames_are_no_master(room: Bench, wanted: CalibrationSet, words: str) -> None:
    room.take(*(room.shoot(n, "Dark", EXPTIME=60.0, FILTER="") for n in range(2)))
    with pytest.raises(FrameError) as fault:
        room.processing.build(wanted, NIGHT).result(SOON_S)
    assert str(fault.value) == words


def test_stacks_come_by_picture_and_filter_and_say_what_is_in_them(room: Bench) -> None:
    room.take(
        *(
            room.shoot(n, OBJECT=name, FILTER=role)
            for n, (name, role) in enumerate([("m33", "R"), ("m31", "R"), ("m31", "L"), ("m33", "L"), ("m31", "L")])
        )
    )
    made = room.processing.finish(NIGHT).result(SOON_S)
    said = [
        (each.about["picture"], each.about["filter"], each.about["frames"], each.about["exposure_s"]) for each in made
    ]
    assert said == [("m31", "L", 2, 360.0), ("m31", "R", 1, 180.0), ("m33", "L", 1, 180.0), ("m33", "R", 1, 180.0)]
    aligned = {each.frame: each.sha256 for each in room.store.products("aligned")}
    lights = [each for each in room.store.frames(kind="light") if (each.object, each.filter) == ("m31", "L")]
    assert made[0].parents == tuple(aligned[each.sha256] for each in lights)
    assert {(each.kind, each.night, each.site, each.train, each.frame) for each in made} == {
        ("stack", NIGHT, "home", "main", None)
    }
    assert [each.path.name for each in made[:2]] == ["m31_L.fits", "m31_R.fits"]
    assert sorted(map(repr, room.store.products("stack"))) == sorted(map(repr, made))


def test_a_stack_that_fails_is_told_and_keeps_no_other_from_being_made(room: Bench) -> None:
    keep = room.hands.combine_stack

    def combine(order):  # type: ignore[no-untyped-def]
        if order.target.name == "m31_L.fits":
            raise ArithmeticError("no two frames overlap")
        return keep(order)

    object.__setattr__(room.crew, "combine_stack", combine)
    room.take(room.shoot(1), room.shoot(2, FILTER="R"))
    (made,) = room.processing.finish(NIGHT).result(SOON_S)
    assert made.about["filter"] == "R"
    (told,) = room.heard("stack-failed")
    assert told == {"picture": "m31", "filter": "L", "reason": "no two frames overlap", "train": "main"}


def test_a_stack_whose_file_was_removed_is_made_again(room: Bench) -> None:
    room.take(room.shoot())
    (first,) = room.processing.finish(NIGHT).result(SOON_S)
    first.path.unlink()
    assert room.processing.finish(NIGHT).result(SOON_S) == (first,)
    assert first.path.exists()
    assert len(room.hands.stacked) == 2


def test_stacks_of_what_no_plan_wants_any_more_and_those_that_stand_keep_no_other_from_being_made(
    open_room: Callable[..., Bench],
) -> None:
    gone: set[str] = set()
    room = open_room(credit=lambda frame: None if frame.object in gone else credit(frame))
    room.take(room.shoot(1, OBJECT="m31"), room.shoot(2, OBJECT="m33"))
    room.processing.finish(NIGHT).result(SOON_S)
    room.take(room.shoot(3, OBJECT="m81"))
    made = room.processing.finish(NIGHT).result(SOON_S)
    assert [each.path.stem for each in made] == ["m31_L", "m33_L", "m81_L"]
    gone.add("m31")
    made = room.processing.finish(NIGHT).result(SOON_S)
    assert [each.path.stem for each in made] == ["m33_L", "m81_L"]


def test_stacks_of_two_trains_come_in_the_order_of_their_names(
    open_room: Callable[..., Bench], rules: ProcessingRules
) -> None:
    own = rules.trains["main"]
    room = open_room(train_of=lambda frame: frame.telescope, trains={"main": own, "second": own})
    room.take(room.shoot(1, TELESCOP="second"))
    room.processing.finish(NIGHT).result(SOON_S)
    room.take(room.shoot(2, TELESCOP="main"))
    assert [each.train for each in room.processing.finish(NIGHT).result(SOON_S)] == ["main", "second"]


GRID = Field(10.68, 41.27, 1.5, 0.0, 32, 40, "m31")
TURNED = replace(GRID, angle_deg=30.0)


def settled(room: Bench) -> None:
    """Close a room once all that came is at the end of its way."""
    room.processing.settled().result(SOON_S)
    room.processing.close()


def on(field: Field | None) -> Callable[[Frame], Credit | None]:
    """Credits every light as usual, its plan's grid being this one."""

    def told(frame: Frame) -> Credit | None:
        found = credit(frame)
        return found and replace(found, field=field)

    return told


def test_products_say_the_grid_that_they_lie_on(open_room: Callable[..., Bench]) -> None:
    room = open_room(credit=on(GRID))
    room.take(room.shoot())
    (stack,) = room.processing.finish(NIGHT).result(SOON_S)
    (aligned,) = room.store.products("aligned")
    assert dict(aligned.about) == {"grid": GRID.id, "grid_of": "m31", "grid_version": 1}
    assert aligned.about.items() <= stack.about.items()
    assert room.store.products("calibrated")[0].about == {}
    assert room.hands.stacked[0].field == GRID


def test_lights_of_any_night_are_laid_anew_on_the_grid_that_their_plan_has_now(open_room: Callable[..., Bench]) -> None:
    first = open_room(credit=on(GRID))
    first.take(first.shoot(1), first.shoot(2, FILTER="R"))
    first.processing.finish(NIGHT).result(SOON_S)
    settled(first)
    room = open_room(credit=on(TURNED))
    room.take(room.shoot(480))
    (stack,) = room.processing.finish(NIGHT + timedelta(days=1)).result(SOON_S)
    assert [order.frame.filter for order in room.hands.lights] == ["L", "L"], "the red one joins no stack of this night"
    assert (stack.about["frames"], stack.about["grid"]) == (2, TURNED.id)
    assert room.hands.stacked[0].field == TURNED
    room.processing.finish(NIGHT + timedelta(days=1)).result(SOON_S)
    assert len(room.hands.lights) == 2, "once is enough"


def test_a_light_whose_raw_file_is_gone_keeps_its_old_grid_and_its_stack_says_so(
    open_room: Callable[..., Bench],
) -> None:
    first = open_room(credit=on(GRID))
    first.take(first.shoot(1))
    settled(first)
    room = open_room(credit=on(TURNED))
    room.take(room.shoot(2))
    next(each for each in room.store.frames() if each.source == "Light_001.fits").path.unlink()
    (stack,) = room.processing.finish(NIGHT).result(SOON_S)
    assert stack.about["frames"] == 1
    old = room.store.frames()[0]
    assert (old.accepted, old.reason) == (True, "not-in-the-stack: it lies on another grid, and its light is gone")


def test_a_light_that_has_no_place_any_more_leaves_its_stack(open_room: Callable[..., Bench]) -> None:
    first = open_room(credit=on(GRID))
    first.take(first.shoot(1))
    settled(first)
    room = open_room(credit=on(TURNED))
    room.hands.unplaced = "5 stars are too few to be recognised"
    assert room.processing.finish(NIGHT).result(SOON_S) == ()
    (frame,) = room.store.frames()
    assert frame.reason == "not-in-the-stack: 5 stars are too few to be recognised"
    room.processing.finish(NIGHT).result(SOON_S)
    assert len(room.hands.lights) == 1


def test_of_many_lights_those_alone_are_laid_anew_that_lie_elsewhere(open_room: Callable[..., Bench]) -> None:
    first = open_room(credit=on(GRID))
    first.take(*(first.shoot(number, OBJECT=name) for number, name in enumerate(("m31", "m33", "m81"))))
    settled(first)
    room = open_room(credit=lambda frame: on(TURNED if frame.object == "m33" else GRID)(frame))
    room.processing.finish(NIGHT).result(SOON_S)
    assert [order.frame.object for order in room.hands.lights] == ["m33"]


ASIDE = "it shows no part of the field of m31, but 83.822 -5.391, 80.19 deg away"


def test_a_light_that_shows_something_else_is_accepted_not_placed_and_not_credited(
    open_room: Callable[..., Bench],
) -> None:
    room = open_room(credit=on(GRID))
    room.take(room.shoot(1))
    room.hands.astray = ASIDE
    (outcome,) = room.take(room.shoot(2))
    assert (outcome.accepted, outcome.reason) == (False, f"off-target: {ASIDE}")
    (stack,) = room.processing.finish(NIGHT).result(SOON_S)
    good, astray = room.store.frames()
    assert [(each.accepted, each.placed, each.credited) for each in (good, astray)] == [
        (True, True, True),
        (True, False, False),
    ]
    assert (astray.state, astray.pending) == (State.GRADED, False)
    assert [each.kind for each in room.store.products_of(astray.sha256)] == ["calibrated"]
    assert (stack.about["frames"], room.hands.lives) == (1, [good.sha256])
    (done,) = room.store.done().values()
    assert (done.frames, done.accepted, done.rejected, done.done_s) == (2, 1, 1, 180.0)
    assert done.unstacked == ()


def test_a_light_that_was_placed_and_is_found_to_show_something_else_leaves_its_stack(
    open_room: Callable[..., Bench],
) -> None:
    first = open_room(credit=on(GRID))
    first.take(first.shoot(1))
    settled(first)
    room = open_room(credit=on(TURNED))
    room.hands.astray = ASIDE
    assert room.processing.finish(NIGHT).result(SOON_S) == ()
    assert (room.store.frames()[0].credited, room.hands.lives) == (False, [])
