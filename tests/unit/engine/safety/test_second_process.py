"""The room stands by itself: a process that knows no plan, schedule or database opens a roof and makes it safe."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
GUARD = """\
import sys
import asyncio
from tests.support.fakes import FakeWeatherInput
from tests.support.safety import Shed, kept

shed = Shed()

async def guard():
    keeper = kept(shed.shelter, {"rain": FakeWeatherInput(shed.clock, lambda when: {"rain": 0.0})})
    keeping = asyncio.create_task(keeper.run())
    keeper.hear(lambda event: event.name in ("weather", "evidence") or shed.events.append(event))
    await shed.clock.sleep(660.0)
    opening = asyncio.create_task(keeper.open())
    while not (await asyncio.wait({opening}, timeout=10.0))[0]:
        keeper.renew()
    await keeper.give_back()
    keeping.cancel()

shed.run(guard())
print(*shed.names())
above = {"intent", "night", "processing", "reduce", "report", "runtime", "schedule", "sequencer", "store"}
parts = [name.split(".") for name in sys.modules]
print(*sorted(".".join(p) for p in parts if p[0] == "django" or p[:2] == ["obsy", "engine"] and above & set(p[2:3])))
"""


def test_another_process_opens_and_closes_without_plan_schedule_or_database() -> None:
    said = subprocess.run([sys.executable, "-c", GUARD], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.stderr == ""
    assert said.stdout.splitlines() == ["roof-opened roof-closing roof-closed", ""]


@pytest.mark.long
@pytest.mark.once
def test_making_safe_waits_for_no_library_of_numbers_and_who_keeps_a_roof_for_no_heavy_one() -> None:
    code = (
        "import sys, obsy.engine.safety.closing; print(*{'numpy', 'astropy', 'django'} & set(sys.modules));"
        "import obsy.engine.safety.keeper; print(*{'scipy', 'astropy', 'django', 'pandas'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "\n\n"
