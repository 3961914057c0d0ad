"""What drivers and other programs call the filters that plans know by a role."""

import re

ROLES = {
    "L": "l lum luminance luminosity uvircut", "R": "r red", "G": "g green", "B": "b blue",
    "Ha": "ha halpha hydrogenalpha h", "OIII": "oiii o3 oxygen o", "SII": "sii s2 sulfur sulphur s",
    "C": "c clear cv w", "V": "v johnsonv bessellv", "Rc": "rc cousinsr", "Ic": "i ic cousinsi",
    "OSC": "osc rgb colour color",
}  # fmt: skip
"""Letters and digits alone, by the role."""


def role_of(label: str) -> str:
    """Return what plans call a filter: L of 'Luminance', Ha of 'H-alpha 5 nm'; the label itself if nobody knows it."""
    word = re.sub(r"[^a-z0-9]", "", re.sub(r"\d+(\.\d+)?\s*nm", "", label.lower()))
    return next((role for role, known in ROLES.items() if word in known.split()), label)
