"""Detection patterns as YAML, each with texts it must and must not match."""
