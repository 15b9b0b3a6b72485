"""`/api/v1/`: stories with their coverage, topics, providers, and what changed (docs/api.md)."""
