"""The guard of the roofs: who keeps them, how a night asks it, and how it is found or begun."""
