"""What is up, when and how well, worked out without a network."""
