from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = _("Sources and vocabulary")

    def ready(self):
        from . import printing  # noqa: F401  importing it registers its check of the machine
