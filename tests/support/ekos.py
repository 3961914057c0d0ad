"""The instrument that INDI's simulators make up."""

from obsy.engine.devices.ekos.profile import EkosEquipment

SIMULATED_LABELS = {
    "L": "Luminance",
    "R": "Red",
    "G": "Green",
    "B": "Blue",
    "Ha": "H_Alpha",
    "OIII": "OIII",
    "SII": "SII",
}
"""The wheel inside INDI's CCD Simulator."""


def simulated_equipment(aperture_mm: float = 120.0, focal_mm: float = 700.0) -> EkosEquipment:
    """An EKOS train of INDI's telescope, camera and focuser simulators."""
    return EkosEquipment(
        mount="Telescope Simulator",
        camera="CCD Simulator",
        wheel="CCD Simulator",
        focuser="Focuser Simulator",
        aperture_mm=aperture_mm,
        focal_mm=focal_mm,
        columns=1280,
        rows=1024,
        late_s=62.0,
        labels=SIMULATED_LABELS,
    )
