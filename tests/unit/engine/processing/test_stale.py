"""What was reduced with other numbers than are declared by now is reduced again, and nothing else is."""

from dataclasses import fields, replace

from obsy.engine.processing.backlog import work_off
from obsy.engine.processing.stale import CALLED, Stale, reopen_stale
from obsy.engine.reduce.orders import Optics


def read_noises(store):
    return [each.recipe["optics"]["read_noise_e"] for each in store.products("calibrated")]


def test_lights_are_reduced_again_with_a_mended_read_noise_and_then_no_more(room, open_room, rules):
    room.take(*(room.shoot(number, "Light") for number in range(2)))
    work_off(room.processing, room.store)
    room.processing.close()
    assert (read_noises(room.store), reopen_stale(room.store, rules)) == ([1.5, 1.5], {})
    mended = {"main": replace(rules.trains["main"], optics=Optics(1.5, 1.0, 3.4, 60000.0))}
    again = open_room(start=False, trains=mended)
    assert reopen_stale(room.store, again.crew.rules) == {Stale("main", (("read_noise_e", 1.5, 3.4),)): 2}
    again.processing.start()
    work_off(again.processing, again.store)
    assert read_noises(room.store) == [3.4, 3.4]
    assert [each.accepted for each in room.store.frames(kind="light")] == [True, True]
    assert not reopen_stale(room.store, again.crew.rules)


def test_what_does_not_say_what_it_was_made_with_and_what_nobody_accepts_stay(room, rules):
    room.take(*(room.shoot(number, "Light") for number in range(2)))
    work_off(room.processing, room.store)
    first, second = room.store.products("calibrated")
    silent = {key: value for key, value in first.recipe.items() if key != "optics"}
    room.store.put(room.store.frame(first.frame), [replace(first, recipe=silent)])
    room.store.put(replace(room.store.frame(second.frame), accepted=False, reason="fwhm: 9 arcsec"))
    mended = {"main": replace(rules.trains["main"], optics=Optics(1.6, 1.0, 1.5, 60000.0))}
    assert not reopen_stale(room.store, replace(rules, trains=mended))


def test_every_number_that_reduction_knows_of_a_train_makes_its_lights_stale():
    assert set(CALLED) == {each.name for each in fields(Optics)}
