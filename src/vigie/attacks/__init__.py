"""Signals → attempts → attacks: the one definition of the counted unit."""
