"""What reading and writing the files of others have in common: names of filters, and documents as text."""
