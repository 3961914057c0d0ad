"""What frames prove of a goal, counted one by one; and the tile at the end of a goal's name."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.progress import NOTHING, Progress, tile, trains, without_tile

EXPOSURE_S = 60.0
BEGUN = datetime(2026, 11, 21, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("plain", "end"),
    [("L-180s", ""), ("L-180s", "_2-1"), ("deep-L", "_20-13"), ("H_a-300s", ""), ("H_a-300s", "_2-1")],
)
def test_only_a_column_and_a_row_at_its_end_are_a_tile(plain: str, end: str) -> None:
    assert (tile(plain + end), without_tile(plain + end)) == (end, plain)


def test_nothing_is_nothing() -> None:
    assert Progress() == NOTHING
    assert (NOTHING.frames, NOTHING.accepted, NOTHING.rejected, NOTHING.waiting, NOTHING.done_s) == (0, 0, 0, 0, 0.0)
    assert NOTHING.tried_at == ()


@given(st.lists(st.sampled_from(["accepted", "rejected", "waiting"])))
def test_every_frame_counts_once_as_what_became_of_it_and_is_in_hand_until_it_is_rejected(fates: list[str]) -> None:
    progress = NOTHING
    times = [BEGUN + timedelta(seconds=EXPOSURE_S * n) for n in range(len(fates))]
    for at in times:
        progress = progress.taken(at)
    for at, fate in zip(times, fates, strict=True):
        if fate != "waiting":
            progress = progress.judged(at, EXPOSURE_S, accepted=fate == "accepted")
    lost = tuple(at for at, fate in zip(times, fates, strict=True) if fate == "rejected")
    assert progress == Progress(
        frames=len(fates),
        accepted=fates.count("accepted"),
        rejected=fates.count("rejected"),
        waiting=fates.count("waiting"),
        done_s=EXPOSURE_S * fates.count("accepted"),
        accepted_at=tuple(at for at in times if at not in lost),
        rejected_at=lost,
    )
    assert progress.tried_at == tuple(times)


def test_a_plan_is_of_the_train_that_took_its_newest_frame() -> None:
    later = BEGUN + timedelta(hours=1)
    done = {
        ("m31", "L"): Progress(newest=(later, "newton")),
        ("m31", "R"): Progress(newest=(BEGUN, "lens")),
        ("m42", "L"): NOTHING,
        ("m45", "L"): Progress(newest=(BEGUN, "lens")),
    }
    assert trains(done) == {"m31": "newton", "m45": "lens"}
