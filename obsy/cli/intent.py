"""An intent on paper, for people."""

from datetime import datetime
from zoneinfo import ZoneInfo

from obsy.engine.intent import Calibrate, Intent


def page(wanted: Intent, timezone: str) -> str:
    """What would be done tonight, in local time, and what would not, with the reason."""
    zone = ZoneInfo(timezone)

    def clock(when: datetime | None) -> str:
        return when.astimezone(zone).strftime("%H:%M") if when else "never"

    lines = [f"The night of {wanted.night} at {wanted.site}: dark from {clock(wanted.dusk)} to {clock(wanted.dawn)} ({timezone})", ""]
    for action in wanted.actions:
        if isinstance(action, Calibrate):
            need = action.wanted
            lines.append(f"  calibrate   {need.count:>3} × {need.exposure_s:g} s  {need.kind} {need.filter or ''}".rstrip())
    for block in wanted.blocks:
        wish = block.wish
        lines.append(
            f"  {clock(block.start)}–{clock(block.end)}  {block.count:>3} × {wish.exposure_s:g} s  {wish.filter:<4}  {wish.object}"
        )
    if not wanted.actions:
        lines.append("  nothing to do")
    if wanted.unplaced:
        lines += ["", "Not tonight:"]
        lines += [f"  {each.wish.plan} {each.wish.goal}: {each.reason.words} ({each.reason.code})" for each in wanted.unplaced]
    return "\n".join(lines)
