"""The room stands by itself: a process that knows no plan, schedule or database opens a roof and makes it safe."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]
GUARD = """\
import sys
from obsy.engine.safety.closing import make_safe
from obsy.engine.safety.opening import open_roof
from obsy.engine.safety.verdict import Verdict
from tests.support.safety import Shed

shed = Shed()

async def guard():
    await open_roof(shed.shelter, Verdict(True, "dry"), shed.events.append)
    await make_safe(shed.shelter, shed.events.append)

shed.run(guard())
print(*shed.names())
above = {"intent", "night", "processing", "reduce", "report", "runtime", "schedule", "sequencer", "store"}
parts = [name.split(".") for name in sys.modules]
print(*sorted(".".join(p) for p in parts if p[0] == "django" or p[:2] == ["obsy", "engine"] and above & set(p[2:3])))
"""


def test_another_process_opens_and_closes_without_plan_schedule_or_database() -> None:
    said = subprocess.run([sys.executable, "-c", GUARD], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.stderr == ""
    assert said.stdout.splitlines() == ["roof-opening roof-opened roof-closing roof-closed", ""]


def test_making_safe_waits_for_no_library_of_numbers() -> None:
    code = "import sys, obsy.engine.safety.closing; print(*{'numpy', 'astropy', 'django'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "\n"
