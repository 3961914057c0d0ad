"""Why frames were rejected, the same reasons taken together."""

import re
from collections import defaultdict
from collections.abc import Iterable

from obsy.engine.report.story import FrameStory, Rejection

_MEASURED = re.compile(r"^([\w-]+): (-?[\d.]+)(.*)$")
"""'fwhm: 8.2 arcsec, above 6'."""


def rejections(shots: Iterable[FrameStory]) -> tuple[Rejection, ...]:
    """One line a reason, the commonest first; of measured ones, the range."""
    found: dict[str, list[str]] = defaultdict(list)
    for shot in shots:
        if shot.verdict == "rejected":
            found[shot.reason.partition(":")[0]].append(shot.reason)
    groups = [Rejection(code, len(reasons), _words(code, reasons)) for code, reasons in found.items()]
    return tuple(sorted(groups, key=lambda group: (-group.count, group.code)))


def _words(code: str, reasons: list[str]) -> str:
    """'6.1 to 8.2 arcsec, above 6' where all are measured alike; otherwise the first, without its code."""
    matches = [_MEASURED.match(reason) for reason in reasons]
    values = sorted((match[2] for match in matches if match), key=float)
    tails = {match[3] if match else None for match in matches}
    if len(tails) == 1 and values and None not in tails:
        low, high = values[0], values[-1]
        return (low if low == high else f"{low} to {high}") + str(tails.pop())
    return reasons[0].removeprefix(f"{code}:").strip() or code
