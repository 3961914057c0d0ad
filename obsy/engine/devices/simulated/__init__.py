"""An observatory that needs nothing but Python: hardware and sky behind the ports, in virtual time."""
