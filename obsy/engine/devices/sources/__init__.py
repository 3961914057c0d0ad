"""Weather read from files, pages, brokers, serial lines, a UPS and this machine, beside any driver."""
