"""How a block is taken by moving each device: slew, filter, focus, then frame after frame."""
