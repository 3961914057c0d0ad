"""Devices behind an Alpaca server: each answer is as new as its question, and no question waits for ever."""
