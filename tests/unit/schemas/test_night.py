from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.declare.survey import declare
from obsy.schemas.night import NightTable


def test_the_first_of_several_moves_is_tried_first(root):
    night = declare(root).nights["roll-off"]
    ways = night.ways("closing", "done")
    assert len(ways) > 1
    assert [bool(way.guards) for way in ways] == sorted((bool(way.guards) for way in ways), reverse=True)


@given(st.data())
def test_whatever_the_guards_say_unsafe_ends_safe(root, data):
    night: NightTable = declare_once(root)
    state = data.draw(st.sampled_from(sorted(night.states)))
    holding = data.draw(st.sets(st.sampled_from(["is_safe", "is_dark", "calibration_missing", "work_left"])))
    taken = next((move for move in night.ways(state, "unsafe") if set(move.guards) <= holding), None)
    assert (taken.dest if taken else state) in night.safe


_NIGHTS: dict[str, NightTable] = {}


def declare_once(root) -> NightTable:
    return _NIGHTS.setdefault(str(root), declare(root).nights["roll-off"])
