"""The demo month: an invented story, written as real input files."""
