"""A page as Chromium lays it out: how wide it is, how small its text, and how that stands out from its ground."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
FRAME = """<!DOCTYPE html><meta name="color-scheme" content="light dark">
<body style="margin: 0"><pre id="measured"></pre>
<iframe src="{address}" style="border: 0; width: {width}px; height: {height}px"></iframe>
<script>
addEventListener("message", said => {{ document.getElementById("measured").textContent = said.data; }});
</script>
"""
"""A window is never narrower than 500 px; a frame in it is, and is all that a page knows of the screen."""
HEIGHT = 30000
MEASURE = Path(__file__).with_name("measure.js")


def browser() -> str | None:
    """Return the command of a Chromium that is installed; None if there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def measured(page: Path, width: int, folder: Path, *flags: str) -> dict[str, Any]:
    """Return the `width` of the window, how far the page `scroll`s, what is too `wide`, and `texts`: px, contrast."""
    command = browser()
    assert command is not None
    probe = folder / f"{page.stem}-{width}.html"
    (outer := folder / f"{page.stem}-{width}-frame.html").write_text(
        FRAME.format(address=probe.as_uri(), width=width, height=HEIGHT), "utf-8"
    )
    probe.write_text(
        page.read_text("utf-8").replace("</body>", f"<script>{MEASURE.read_text('utf-8')}</script></body>"), "utf-8"
    )
    said = subprocess.run(
        [
            command,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder / 'profile'}",
            "--window-size=1400,900",
            "--virtual-time-budget=5000",
            *flags,
            "--dump-dom",
            outer.as_uri(),
        ],
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    ).stdout
    (told,) = re.findall(r'<pre id="measured">(.*)</pre>', said)
    found: dict[str, Any] = json.loads(told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    return found
