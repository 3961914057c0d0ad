"""A site for tests that need no more of it than its place and its clocks."""

HILL = """\
kind: site
name: hill
latitude: 38 deg
longitude: -2 deg
elevation: 1650 m
timezone: Europe/Madrid
---
"""
