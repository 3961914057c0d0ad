"""Whether it is safe, and how everything is brought to safety; needs no plan, schedule or database."""
