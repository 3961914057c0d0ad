"""What no schedule of a night is worth more than, set-ups and all."""
