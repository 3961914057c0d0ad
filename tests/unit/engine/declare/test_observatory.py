"""What was in use on a night that is over."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime.overheads import known


@pytest.mark.parametrize(("night", "there"), [(30, True), (31, False)])
def test_a_train_was_in_use_until_the_night_of_its_day(root: Path, tmp_path: Path, night: int, there: bool) -> None:
    here, day = declare(root, root / "plans"), date(2026, 5, night)
    (heir,) = here.instruments
    gone = replace(heir, train=heir.train.model_copy(update={"name": "old", "retired": date(2026, 5, 31)}))
    then = replace(here, retired=(gone,)).as_of(day)
    assert then.instruments == ((gone, heir) if there else (heir,))
    assert {each.name for each in then.every_instrument} == {"old", heir.name}
    assert ("old" in known(then, day, DataRoot(tmp_path))) == there
