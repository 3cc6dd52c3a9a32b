from django.apps import AppConfig
from django.contrib.admin import apps as django_admin
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """What staff have to do today, and the tools to do it with."""

    name = "desk"
    verbose_name = _("Desk")
    default = True


class StaffAdminConfig(django_admin.AdminConfig):
    """Django’s administration, with our site in place of its own."""

    default_site = "desk.site.StaffSite"
    default = False
