"""Clouds from the images of an all-sky camera: found, measured, classified, and learned."""
