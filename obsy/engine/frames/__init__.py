"""FITS files as they arrive: read, verified, named, archived or put aside."""
