from django.apps import AppConfig


class ListingsConfig(AppConfig):
    name = "listings"

    def ready(self):
        from . import checks  # noqa: F401  importing it registers its check of the database
