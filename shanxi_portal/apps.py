from django.apps import AppConfig


class ShanxiPortalConfig(AppConfig):
    """The site: what belongs to no single kind of record. It has no tables."""

    name = "shanxi_portal"
    verbose_name = "Invest Shanxi"

    def ready(self):
        from . import checks  # noqa: F401  importing them registers them
