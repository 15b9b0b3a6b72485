"""The least that Django answers with: a project as `startproject` makes it, with one empty view."""
