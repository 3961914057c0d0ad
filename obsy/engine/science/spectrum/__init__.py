"""Spectra: a frame's light traced, extracted, given its wavelengths, and written as others read it."""
