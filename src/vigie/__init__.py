"""vigie: a lookout for small organisations under politically motivated attack."""

__version__ = "0.1.0"
