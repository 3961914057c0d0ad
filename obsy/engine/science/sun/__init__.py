"""The Sun through a spectroheliograph: a film of its spectrum, slit by slit, becomes pictures."""
