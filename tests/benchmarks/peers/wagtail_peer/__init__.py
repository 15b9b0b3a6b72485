"""A site of Wagtail with the same articles, run by an interpreter that has Wagtail."""
