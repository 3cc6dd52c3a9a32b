from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BusinessEnvironmentConfig(AppConfig):
    name = "business_environment"
    verbose_name = _("Business environment")
