"""KStars runs one train on one mount under one roof; what stands in the way is named, with the cure."""

from dataclasses import replace

import pytest

from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.observatory import Observatory
from obsy.engine.runtime.ekos import only
from obsy.errors import UserError
from tests.support.equipment import example


def old(observatory: Observatory, mount: str) -> Instrument:
    """The example's train as it was once, retired, on this mount."""
    (used,) = observatory.instruments
    train = used.train.model_copy(update={"name": "cassegrain"})
    return replace(used, train=train, mount=used.mount.model_copy(update={"name": mount}))


def test_a_retired_train_on_the_same_mount_is_in_nobody_s_way() -> None:
    seen = example()
    assert only(replace(seen, retired=(old(seen, seen.mounts[0].name),))) is seen.instruments[0]


def test_a_mount_whose_trains_are_retired_is_named_with_them_for_the_roof_closes_over_it_too() -> None:
    seen = example()
    gone = old(seen, "old-pier")
    with pytest.raises(
        UserError, match=r"stands the mount 'old-pier', whose trains are retired \('cassegrain'\): use "
    ):
        only(replace(seen, mounts=(*seen.mounts, gone.mount), retired=(gone,)))


def test_a_mount_without_a_train_and_another_roof_are_named() -> None:
    seen = example()
    spare = seen.mounts[0].model_copy(update={"name": "spare"})
    dome = seen.enclosures[0].model_copy(update={"name": "dome"})
    with pytest.raises(
        UserError, match="the mount 'spare', which carries no train and the enclosure 'dome': use --runner"
    ):
        only(replace(seen, mounts=(*seen.mounts, spare), enclosures=(*seen.enclosures, dome)))


def test_several_trains_and_none_each_have_their_cure() -> None:
    seen = example()
    with pytest.raises(UserError, match="here are the trains newton, newton: keep the others in an observatory"):
        only(replace(seen, instruments=seen.instruments * 2))
    with pytest.raises(UserError, match="here are the trains none: declare one that is not retired"):
        only(replace(seen, instruments=()))
