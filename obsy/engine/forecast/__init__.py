"""When each goal will be done: nights ahead under weather that is drawn, filled as the scheduler would fill them."""
