"""Alerts of brokers: read, held against the rules, kept in the data folder, and joined to what is declared."""
