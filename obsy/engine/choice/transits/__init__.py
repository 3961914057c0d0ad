"""Which transits of the coming nights are worth taking, and how."""
