"""Editors who race one another and an import over HTTP, and the laws that have to hold after."""
