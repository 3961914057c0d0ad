"""What is best tonight: catalogues, and their ranking by what this night, this place and this train can do."""
