"""The dashboard: pages for the worst morning, read-only, on this machine."""
