"""What decides and what acts; the arrows between its rooms only point down."""
