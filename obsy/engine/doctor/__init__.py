"""What this machine lacks: facts gathered at thin edges, judged by a pure table."""
