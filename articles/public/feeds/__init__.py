"""Feeds: what goes live, for those who would rather be told."""
