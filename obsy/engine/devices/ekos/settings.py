"""The settings a KStars of our own starts with: no wizard, no questions, no network, and a clock that shows UTC."""

from pathlib import Path

from obsy.engine.render import render
from obsy.schemas.site import Location


def write_settings(site: Location, profile: str, configuration: Path) -> None:
    """Writes kstarsrc and kwalletrc into the folder XDG_CONFIG_HOME names."""
    configuration.mkdir(parents=True, exist_ok=True)
    text = render(
        "ekos/kstarsrc",
        profile=profile,
        latitude_deg=f"{site.latitude_deg:.6f}",
        longitude_deg=f"{site.longitude_deg:.6f}",
        elevation_m=f"{site.elevation_m:.1f}",
    )
    (configuration / "kstarsrc").write_text(text, encoding="utf-8")
    (configuration / "kwalletrc").write_text("[Wallet]\nEnabled=false\n", encoding="utf-8")
