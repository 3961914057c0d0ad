from dataclasses import replace

from obsy.engine.sky.constraints import allows, edge, margin, reason
from obsy.schemas.constraints.downtime import Downtime


def test_nothing_is_taken_between_the_moments(seen):
    down = Downtime.model_validate("after 2026-11-21 20:01:30 UTC and before 2026-11-21 20:03:30 UTC")
    assert allows(down, seen()).tolist() == [True, True, False, False, True, True]
    assert margin(down, seen())[2] * 86400 == -30


def test_a_day_alone_is_its_night_of_the_longitude(seen):
    tonight = replace(seen(), longitude_deg=-120.0)  # 20:00 UTC is noon there
    assert allows(Downtime.model_validate("after 2026-11-20 and before 2026-11-20"), tonight)[1:].all()
    assert not allows(Downtime.model_validate("after 2026-11-21 and before 2026-11-21"), tonight)[1:].any()


def test_without_an_end_it_lasts_until_further_notice(seen):
    assert not allows(Downtime.model_validate("after 2026-11-01"), seen()).any()
    assert not allows(Downtime.model_validate("before 2026-12-01"), seen()).any()


def test_the_words_name_its_ends(seen):
    down = Downtime.model_validate("after 2026-12-01 and before 2026-12-05")
    assert reason(down) == "there is downtime after 2026-12-01 and before 2026-12-05"
    assert edge(down, seen(), 0, 1) == "downtime after 2026-12-01 and before 2026-12-05 begins"
    assert edge(down, seen(), 1, 0) == "downtime after 2026-12-01 and before 2026-12-05 ends"
