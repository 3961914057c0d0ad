"""What a worker is told and what it answers: small frozen values that cross process borders."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from obsy.engine.frames.frame import Frame
from obsy.engine.identity import Card
from obsy.engine.library.master import Masters
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.policy import Quality
from obsy.schemas.site import Location

GRID_VERSION = 1
"""Of the rule by which frames are laid on a grid: frames that were laid by two rules are not added."""


@dataclass(frozen=True, slots=True)
class Field:
    """A plan's fixed grid: a tangent-plane projection about its middle; every frame of every night is laid on it."""

    ra_deg: float
    dec_deg: float
    scale_arcsec: float
    """Per pixel."""
    angle_deg: float
    """Position angle of the grid's up (rows grow upwards), east of north."""
    rows: int
    columns: int
    reference: str = ""
    """The picture that it is the grid of."""

    @property
    def id(self) -> str:
        """Its name, the same wherever the same grid is declared: a hash of place (to 4 mas), scale, turn and size."""
        place = f"{self.ra_deg:.6f} {self.dec_deg:.6f} {self.scale_arcsec:.6f} {self.angle_deg:.5f}"
        return hashlib.sha256(f"{place} {self.rows} {self.columns}".encode()).hexdigest()[:16]

    def about(self) -> dict[str, str | int]:
        """Return what a product on it says of it."""
        return {"grid": self.id, "grid_of": self.reference, "grid_version": GRID_VERSION}


@dataclass(frozen=True, slots=True)
class Optics:
    """What reduction must know of the train."""

    scale_arcsec: float
    """Per binned pixel."""
    conversion: float
    """Electrons per ADU."""
    read_noise_e: float
    saturation_adu: float
    """A raw pixel at or above this is full."""
    aperture_mm: float | None = None
    """Diameter of the entrance pupil."""


@dataclass(frozen=True, slots=True)
class LightOrder:
    """Reduce one light and judge it."""

    frame: Frame
    """As its header was read when it came; nothing reads it again."""
    calibrated: Path
    """Where the calibrated frame goes."""
    aligned: Path
    """Where the frame goes once it lies on the plan's grid."""
    masters: Masters
    pipeline: Pipeline
    quality: Quality | None
    optics: Optics
    field: Field | None
    cards: tuple[Card, ...] = ()
    trails: bool = False
    """Whether its stars are meant to leave trails, so that it is not judged by them."""
    aim: tuple[float, float] | None = None
    """Right ascension and declination of the target itself, degrees; None where it moves, or has a field of many."""
    table: Path | None = None
    """Where the table of its stars goes."""
    place: Location | None = None
    """Where it was taken; None where that is not known."""

    @property
    def source(self) -> Path:
        """Where the light lies."""
        return self.frame.path

    @property
    def sha256(self) -> str:
        """The light's own hash, which names it in every product."""
        return self.frame.sha256


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured on a light; None where it could not be. Lengths on the detector are binned pixels."""

    background_adu: float | None = None
    """Median level of the calibrated frame's background mesh."""
    noise_adu: float | None = None
    """Standard deviation of one background pixel, by SEP's mesh."""
    stars: int | None = None
    """Sources above the threshold, saturated ones included."""
    fwhm_px: float | None = None
    """Median over unsaturated stars of 2.3548 sqrt((a^2 + b^2) / 2), a and b of the best Gaussian."""
    fwhm_arcsec: float | None = None
    eccentricity: float | None = None
    """Median over the same stars of sqrt(1 - (b/a)^2)."""
    hfr_px: float | None = None
    """Median radius that holds half of a star's flux (as KStars, StellarSolver)."""
    saturated: float | None = None
    """The share of raw pixels that are full, 0 to 1."""
    zero_point: float | None = None
    """Tycho VT magnitude of a star that gives 1 ADU/s."""
    zero_point_error: float | None = None
    """Its scatter over the stars; their colours may put all of it off by a few tenths."""
    zero_point_stars: int | None = None
    matched: int | None = None
    """Catalogue stars behind the solution."""
    solution_rms_px: float | None = None
    target_adu: float | None = None
    """Light of the star at the target's place, within a star's width of its middle; see `reduce/target_star.py`."""
    target_error_adu: float | None = None
    """Its standard error, by the CCD equation."""
    electrons_per_adu: float | None = None
    """As the train declares it: what a flux in ADU scatters by follows from it."""


@dataclass(frozen=True, slots=True)
class ProductFile:
    """A file that a worker wrote."""

    kind: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class LightResult:
    """The verdict on a light and what became of it."""

    code: str
    """Why it was rejected, stable: fwhm, eccentricity, stars, background, no-stars, saturated, no-signal, no-master,
    or what the file itself lacks; empty if it was accepted."""
    reason: str
    """The same for people: 'fwhm: 8.2 arcsec, above 6'."""
    measures: Measures
    products: tuple[ProductFile, ...] = ()
    """The calibrated frame, and the aligned one; without it when it could not be placed among the stars."""
    unplaced: str = ""
    """Why an accepted frame cannot join the stack."""
    astray: str = ""
    """Why an accepted frame counts for nothing: it shows something else than its plan's field."""

    @property
    def accepted(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.code

    def product(self, kind: str) -> Path | None:
        """The product of this kind; None if there is none."""
        return next((each.path for each in self.products if each.kind == kind), None)


@dataclass(frozen=True, slots=True)
class MasterOrder:
    """Combine calibration frames of one kind into a master at `target`; the answer is its SHA-256."""

    kind: str
    """bias, dark or flat."""
    exposure_s: float
    """That the frames are known by, as their headers were read when they came."""
    sources: tuple[Path, ...]
    target: Path
    masters: Masters = field(default_factory=Masters)
    """What the frames are freed of: the bias of a dark or flat, and a flat's dark, which without a bias is of its own
    exposure and has its pedestal still (`Masters.to_free`)."""
    reject: float = 3.0
    """Sigmas beyond which a pixel is left out."""
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveOrder:
    """Add one aligned frame to the running mean of its object and filter."""

    aligned: Path
    sha256: str
    """Of the light the aligned frame came from; one that is already in is not added again."""
    stack: Path
    """The running mean, made if it is missing."""
    preview: Path
    """A stretched PNG of it."""
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class StackOrder:
    """Combine all aligned frames of one object and filter, with rejection; the answer is the stack's SHA-256."""

    aligned: tuple[Path, ...]
    target: Path
    preview: Path
    reject: float = 3.0
    cards: tuple[Card, ...] = ()
    field: Field | None = None
    """The grid that all of them must lie on; that of the first if it is not said."""
