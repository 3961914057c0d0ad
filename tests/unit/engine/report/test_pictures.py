import base64
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from obsy.engine.report.inputs import StackInput
from obsy.engine.report.pictures import LARGE_PX, SMALL_PX, composite, pictures


def grey(level: int, size: tuple[int, int] = (8, 6)) -> Image.Image:
    return Image.new("L", size, level)


def stack(folder: Path, role: str, object_: str = "m31") -> StackInput:
    path = folder / f"{object_}_{role}.png"
    grey(100, (1000, 500)).save(path)
    return StackInput(object_, role, "m31", 20, 3600.0, path, "")


def test_red_green_and_blue_become_colours() -> None:
    found = composite({"R": grey(200), "G": grey(100), "B": grey(50)})
    assert found is not None
    assert (found[0].getpixel((0, 0)), found[1]) == ((200, 100, 50), ("R", "G", "B"))


def test_luminance_gives_the_lightness() -> None:
    found = composite({"L": grey(180), "R": grey(90), "G": grey(90), "B": grey(90)})
    assert found is not None
    assert found[0].getpixel((0, 0)) == pytest.approx((180, 180, 180), abs=1)
    assert found[1] == ("L", "R", "G", "B")


def test_two_narrow_bands_are_enough() -> None:
    found = composite({"Ha": grey(200), "OIII": grey(60)})
    assert found is not None
    assert (found[0].getpixel((0, 0)), found[1]) == ((200, 60, 60), ("Ha", "OIII"))


def test_one_filter_has_no_colour() -> None:
    assert composite({"L": grey(1)}) is None


def test_stacks_on_different_grids_are_not_mixed() -> None:
    assert composite({"R": grey(1), "G": grey(1), "B": grey(1, (9, 6))}) is None


def test_a_lone_stack_is_shown_large(tmp_path: Path) -> None:
    (picture,) = pictures("m31", [stack(tmp_path, "L")])
    assert (picture.large, picture.width, picture.height) == (True, LARGE_PX, LARGE_PX // 2)


def test_tiles_are_shown_small(tmp_path: Path) -> None:
    found = pictures("m31", [stack(tmp_path, "Ha", name) for name in ("heart_1-1", "heart_2-1")])
    assert [(picture.large, picture.width) for picture in found] == [(False, SMALL_PX)] * 2


def test_the_tiles_of_a_mosaic_are_named_and_lie_as_in_the_sky(tmp_path: Path) -> None:
    names = ("heart_1-1", "heart_2-1", "heart_2-2")
    found = pictures("heart", [stack(tmp_path, "Ha", name) for name in names])
    assert [picture.caption for picture in found] == [f"{name} Ha, 20 frames, 1 h" for name in names]
    assert [picture.tile for picture in found] == [(1, 1), (2, 1), (2, 2)]
    several = [stack(tmp_path, role, name) for name in names for role in ("Ha", "OIII")]
    assert {picture.tile for picture in pictures("heart", several)} == {None}


def test_each_train_keeps_its_own_picture_of_an_object_in_a_filter(tmp_path: Path) -> None:
    both = [replace(stack(tmp_path, "L"), train=train) for train in ("left", "right")]
    found = pictures("m31", both)
    assert [picture.caption.rpartition(" by ")[2] for picture in found] == ["left", "right"]
    assert not any(picture.large for picture in found)


def test_a_picture_carries_itself(tmp_path: Path) -> None:
    (picture,) = pictures("m31", [stack(tmp_path, "L")])
    with Image.open(io.BytesIO(base64.b64decode(picture.address.partition(",")[2]))) as image:
        assert image.size == (picture.width, picture.height)


def test_a_file_that_is_no_picture_is_left_out(tmp_path: Path) -> None:
    broken = stack(tmp_path, "L")
    broken.preview.write_bytes(b"SIMPLE  =                    T")
    assert pictures("m31", [broken]) == ()
