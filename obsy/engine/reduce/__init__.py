"""Frames become measurements, masters and stacks, in workers."""
