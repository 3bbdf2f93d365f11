"""What leaves the house: one report object of one snapshot, many renderings."""
