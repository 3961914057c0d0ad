"""A new observatory's folder: what is asked, where answers are found, and how it is made."""
