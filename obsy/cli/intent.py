"""An intent on paper, for people."""

from datetime import datetime

from obsy.engine.intent import Calibrate, Intent
from obsy.engine.report.words import clock, zones


def page(wanted: Intent, timezone: str) -> str:
    """What would be done tonight, in local time, and what would not, with the reason."""

    def local(when: datetime | None) -> str:
        return clock(when, timezone) if when else "never"

    several = len({block.request.train for block in wanted.blocks}) > 1

    def with_train(name: str) -> str:
        return f"with {name}" if several else ""

    dark = f"dark from {local(wanted.dusk)} to {local(wanted.dawn)}"
    mark = zones(wanted.dusk, wanted.dawn, timezone) if wanted.dusk and wanted.dawn else timezone
    lines = [f"The night of {wanted.night} at {wanted.site}: {dark} ({mark})", ""]
    for action in wanted.actions:
        if isinstance(action, Calibrate):
            need = action.wanted
            what = f"{need.kind} {need.filter or ''}".rstrip()
            lines.append(
                f"  calibrate   {need.count:>3} × {need.exposure_s:g} s  {what}  {with_train(need.train)}".rstrip()
            )
    for block in wanted.blocks:
        request = block.request
        when, what = f"{local(block.start)}–{local(block.end)}", f"{block.count:>3} × {request.exposure_s:g} s"
        lines.append(f"  {when}  {what}  {request.filter:<4}  {request.object}  {with_train(request.train)}".rstrip())
    if not wanted.actions:
        lines.append("  nothing to do")
    if wanted.unplaced:
        lines += ["", "Not tonight:"]
        lines += [f"  {u.request.plan} {u.request.goal}: {u.reason.words} ({u.reason.code})" for u in wanted.unplaced]
    return "\n".join(lines)
