"""The admin, with our site in place of Django's."""

from django.contrib.admin.apps import SimpleAdminConfig


class DeskConfig(SimpleAdminConfig):
    """Finds the admin's pages when addresses are set up, not before: commands need none."""

    default_site = "newsroom.admin_site.DeskSite"
