"""Where things are: positions of what moves against the catalogue's stars, and what moves that nobody declared."""
