"""Attacks seen together: what a set of them says, and what it does not say, of who made it."""
