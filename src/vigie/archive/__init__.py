"""The archive: segments on disk, opened as tables."""
