"""Guiding by PHD2: its JSON-RPC and events, on one line. What PHD2 is set up with is its own matter."""
