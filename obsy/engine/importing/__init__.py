"""Wishes written for other programs become plans; one file reads one format."""
