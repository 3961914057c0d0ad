"""Who is observed when: requests weighed for one night."""
