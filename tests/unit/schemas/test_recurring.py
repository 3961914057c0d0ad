"""What recurs is said with the scale of its time, and read back as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from obsy.schemas.constraints.phase import Phase
from obsy.schemas.goal import Cover
from obsy.schemas.model import Model
from obsy.schemas.recurring import Epoch, JulianDate, Recurrence, Recurring
from obsy.schemas.target import NamedTarget

DATE = TypeAdapter[Epoch](JulianDate)
SCALES = ["HJD", "HJD_UTC", "HJD_TT", "BJD", "BJD_TDB", "BJD_UTC", "BJD_TT", "JD", "JD_UTC", "JD_TT"]


@given(st.floats(2e6, 3e6), st.sampled_from(SCALES))
def test_an_epoch_is_read_as_it_is_said(jd: float, scale: str) -> None:
    epoch = DATE.validate_python(f"{jd!r} {scale}")
    assert DATE.validate_python(epoch.said()) == epoch == DATE.validate_python(epoch)
    assert epoch.scale.startswith(scale)
    assert epoch.scale.endswith({"HJD": "_UTC", "BJD": "_TDB", "JD": "_UTC"}.get(scale, scale.partition("_")[2]))


@pytest.mark.parametrize(
    ("said", "code"),
    [("2451492.3223", "not-a-quantity"), (2451492.3, "not-a-quantity"), ("2451492.3 MJD", "not-a-quantity")]
    + [("51492.3 HJD", "out-of-range"), ("2451492.3 HJD_TDB", "unknown-unit")],
)
def test_a_date_without_its_scale_is_told(said: object, code: str) -> None:
    with pytest.raises(ValidationError, match=code):
        DATE.validate_python(said)


def test_a_star_is_said_with_what_recurs_there() -> None:
    u_cep = {"minimum": {"epoch": "2451492.3223 HJD", "period": "2.49309 d", "duration": "9 h"}}
    star = NamedTarget.model_validate({"name": "U Cep", "events": u_cep})
    assert NamedTarget.model_validate(star.said()) == star
    assert star.recurring()["minimum"].duration == 9.0
    assert NamedTarget.model_validate({"name": "M31"}).said() == {"name": "M31"}


@pytest.mark.parametrize("duration", ["24 h", "25 h"])
def test_an_event_ends_before_the_next(duration: str) -> None:
    with pytest.raises(ValidationError, match="out-of-range"):
        Recurrence.model_validate({"epoch": "2451492 HJD", "period": "1 d", "duration": duration})


@pytest.mark.parametrize(
    ("said", "sides_s"),
    [
        ({"transit": "b", "baseline": "45 min"}, (2700, 2700)),
        ({"event": "minimum", "before": "2 h", "after": "1 h"}, (7200, 3600)),
        ({"event": "minimum", "after": "1 h", "accept": "egress"}, (0, 3600)),
        ({"event": "b", "before": "45 min", "after": "45 min"}, (2700, 2700)),
    ],
)
def test_a_cover_has_two_sides(said: dict[str, str], sides_s: tuple[float, float]) -> None:
    assert Cover.model_validate(said).sides_s == sides_s


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"baseline": "45 min"}, "missing-key"),
        ({"transit": "b"}, "missing-key"),
        ({"transit": "b", "event": "minimum", "baseline": "45 min"}, "never-both"),
        ({"transit": "b", "baseline": "45 min", "after": "1 h"}, "never-both"),
    ],
)
def test_what_is_covered_is_said_once(said: dict[str, str], code: str) -> None:
    with pytest.raises(ValidationError, match=code):
        Cover.model_validate(said)


MINIMUM = {"epoch": "2451492.3223 HJD", "period": "2 d"}


@pytest.mark.parametrize(
    ("model", "said", "mend"),
    [
        (Cover, {"event": "Minimum", "baseline": "1 h"}, "write 'minimum'"),
        (Phase, "of II and after 0.2 and before 0.3", "write 'ii'"),
        (Phase, "0.9 to 0.1", "write 'after 0.9 and before 0.1'"),
        (Recurring, {"events": {"primary_minimum": MINIMUM}}, "write 'primary-minimum'"),
        (Recurring, {"events": {"m": MINIMUM}}, "write a word, such as 'minimum'"),
    ],
)
def test_the_name_of_an_event_is_cured_by_a_name_and_a_phase_by_its_two_ends(
    model: type[Model], said: object, mend: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(said)
    assert [each["ctx"]["mend"] for each in caught.value.errors()] == [mend]
