"""EKOS as an executor: obsy writes the schedule, KStars takes the frames."""
