"""A machine is judged from facts alone: what is lacking depends on what is declared, and each fault has its mend."""

from dataclasses import replace
from typing import Any

import pytest

from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.engine.doctor.checks import CHECKS, OPTIONAL, PROGRAMS, Finding, Level, findings
from obsy.engine.doctor.facts import Facts

DOME, DRIVER = "Dome Simulator", "indi_simulator_dome"
FIT = Facts(
    libraries={"numpy": ("2.1", "2")},
    programs=frozenset({*PROGRAMS, DRIVER}),
    kstars=(3, 6, 2),
    devices=(DOME,),
    drivers={DOME: DRIVER},
    night_gb=3.0,
    free_gb=50.0,
    synchronised=True,
    guard_enabled=True,
    lingers=False,
    suspends=False,
)
REHEARSAL = replace(FIT, devices=(), drivers={}, programs=frozenset(), kstars=None, synchronised=False)


def unfit(facts: Facts) -> dict[str, Finding]:
    return {each.check: each for each in findings(facts) if each.level in {Level.WARNING, Level.LACKING}}


def test_a_machine_that_has_everything_is_fit() -> None:
    assert unfit(FIT) == {}


def test_who_only_rehearses_needs_no_kstars_no_indi_and_no_clock() -> None:
    assert unfit(REHEARSAL) == {}
    unneeded = {each.check for each in findings(REHEARSAL) if each.level is Level.UNNEEDED}
    assert unneeded == {"kstars", *PROGRAMS, "clock", *OPTIONAL}


@pytest.mark.parametrize(
    ("check", "level", "found", "changed"),
    [
        ("python", "lacking", "Python 3.10", {"python": (3, 10)}),
        ("libraries", "lacking", "numpy 1.26 (needs 2)", {"libraries": {"numpy": ("1.26", "2")}}),
        ("libraries", "lacking", "jeepney missing (needs 0.8)", {"libraries": {"jeepney": (None, "0.8")}}),
        ("tables", "lacking", "stars.csv", {"data": ("stars.csv",)}),
        ("observatory", "warning", "none here", {"declared": False}),
        ("files", "lacking", "complaints: 3", {"complaints": 3}),
        ("kstars", "lacking", "KStars 3.6.1", {"kstars": (3, 6, 1)}),
        ("Xvfb", "lacking", "not on the PATH", {"programs": FIT.programs - {"Xvfb"}}),
        ("drivers", "lacking", DOME, {"programs": FIT.programs - {DRIVER}}),
        ("drivers", "lacking", "EQMod Mount", {"devices": ("EQMod Mount",)}),
        ("disk", "warning", "2 GB free; a night can fill 3 GB", {"free_gb": 2.0}),
        ("writable", "lacking", "read-only", {"writable": False}),
        ("clock", "lacking", "nothing sets it", {"synchronised": False}),
        ("clock", "warning", "nobody can tell", {"synchronised": None}),
        ("servers", "lacking", "'pier' has no 'EQMod Mount'", {"lacking": ("'pier' has no 'EQMod Mount'",)}),
        ("guider", "warning", "no PHD2 answers at pier:4400", {"guiders": ("pier:4400",), "silent": ("pier:4400",)}),
        (
            "guider",
            "lacking",
            "no PHD2 answers at pier:4400; a plan requires guiding",
            {"guiders": ("pier:4400",), "silent": ("pier:4400",), "must_guide": True},
        ),
        ("locale", "warning", "ANSI_X3.4-1968", {"encoding": "ANSI_X3.4-1968"}),
        ("open-files", "warning", "256 at once", {"open_files": 256}),
        ("git", "warning", "not committed", {"git": "changed"}),
        ("git", "warning", "no repository", {"git": None}),
        ("file-names", "warning", "random.py", {"shadows": ("random.py",)}),
        ("indi-port", "warning", "7624", {"open_ports": (7624,)}),
        ("guard", "warning", "no systemd unit", {"guard_enabled": False, "lingers": True}),
        ("sleep", "warning", "may suspend", {"suspends": True}),
        ("container", "warning", "in a container", {"container": True}),
    ],
)
def test_what_is_amiss_is_told_alone_and_with_its_mend(check: str, level: str, found: str, changed: Any) -> None:
    told = unfit(replace(FIT, **changed))
    assert {name: str(each.level) for name, each in told.items()} == {check: level}
    assert found in told[check].found
    assert told[check].mend


def test_of_a_guider_that_is_declared_nobody_says_that_phd2_is_not_needed() -> None:
    told = {each.check: each for each in findings(replace(FIT, guiders=("pier:4400",), must_guide=True))}
    assert told["guider"] == Finding("guider", Level.FIT, "PHD2 at pier:4400")
    assert "phd2" not in told
    assert {each.check: each for each in findings(FIT)}["phd2"].found == "not installed; no guider is declared"


def test_who_names_a_driver_that_obsy_cannot_begin_hears_which_would_do() -> None:
    assert all(each in str(unfit(replace(FIT, devices=("EQMod Mount",)))["drivers"].mend) for each in SIMULATORS)


def test_devices_on_a_server_need_no_driver_here_and_are_real_all_the_same() -> None:
    elsewhere = replace(REHEARSAL, servers=("pier at raspberry.local:7624",))
    assert elsewhere.is_real and "servers" not in unfit(elsewhere)


def test_a_guard_that_no_unit_keeps_should_outlive_the_login() -> None:
    assert set(unfit(replace(FIT, guard_enabled=None, lingers=False))) == {"guard", "linger"}


def test_every_check_has_a_name_of_its_own_and_every_simulator_can_be_had() -> None:
    assert len({each.name for each in CHECKS}) == len(CHECKS)
    every = replace(
        FIT, devices=(*SIMULATORS,), drivers=SIMULATORS, programs=frozenset({*PROGRAMS, *SIMULATORS.values()})
    )
    assert unfit(every) == {}
