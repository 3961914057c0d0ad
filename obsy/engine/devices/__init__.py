"""The edge of the world: Protocols in `ports`, and one filling of them a folder."""
