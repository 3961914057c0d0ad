"""What drivers and other programs call the filters that plans know by a role."""

import re

CALLED = {
    "L": "Luminance L Lum Luminosity UVIRcut", "R": "Red R", "G": "Green G", "B": "Blue B",
    "Ha": "Ha Halpha Hydrogenalpha H", "OIII": "OIII O3 Oxygen O", "SII": "SII S2 Sulfur Sulphur S",
    "C": "C Clear CV W", "V": "V JohnsonV BessellV", "Rc": "Rc CousinsR", "Ic": "Ic I CousinsI",
    "OSC": "OSC RGB Colour Color",
}  # fmt: skip
"""Letters and digits alone, by the role; most observatories say the first."""


def role_of(label: str) -> str:
    """Return what plans call a filter: L of 'Luminance', Ha of 'H-alpha 5 nm'; the label itself if nobody knows it."""
    word = re.sub(r"[^a-z0-9]", "", re.sub(r"\d+(\.\d+)?\s*nm", "", label.lower()))
    return next((role for role, names in CALLED.items() if word in names.lower().split()), label)


def usual_name(role: str) -> str:
    """Return what most observatories call a filter; its role if nobody knows it."""
    return CALLED.get(role, role).partition(" ")[0]
