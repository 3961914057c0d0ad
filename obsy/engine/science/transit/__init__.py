"""Transits of planets: from relative fluxes to a fitted mid-transit, and the files that others take."""
