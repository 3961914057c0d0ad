"""What the simulated camera would have seen, from photons to the bytes of a file; runs in worker processes."""
