"""Policies, costs and transport links."""

from django.contrib import admin

from business_environment.admin.base import OfCitiesAdmin
from business_environment.models import Cost, Policy, TransportLink


@admin.register(Policy)
class PolicyAdmin(OfCitiesAdmin):
    list_columns = ("topic", "date", "valid_until", "city_names")
    filter_columns = ("topic", "cities")
    autocomplete_fields = ("cities", "zones")
    what_fields = ("topic", ("date", "valid_until"), ("validity_en", "validity_zh"))
    where_fields = ("cities", "zones")
    text_fields = (("facts_en", "facts_zh"),)


@admin.register(Cost)
class CostAdmin(OfCitiesAdmin):
    list_columns = ("item", "unit", "place_en", "city_names", "is_in_shanxi")
    filter_columns = ("item", "is_in_shanxi", "cities")
    what_fields = (("item", "order"),)
    where_fields = (("place_en", "place_zh"), "cities", "is_in_shanxi")
    figure_fields = ("unit",)


@admin.register(TransportLink)
class TransportLinkAdmin(OfCitiesAdmin):
    list_columns = ("kind", "is_goal", "city_names")
    filter_columns = ("kind", "is_goal", "cities")
    autocomplete_fields = ("from_city", "to_city", "cities")
    what_fields = (("kind", "order"), "is_goal")
    where_fields = (
        ("from_en", "from_zh"),
        "from_city",
        ("from_latitude", "from_longitude"),
        ("to_en", "to_zh"),
        "to_city",
        ("to_latitude", "to_longitude"),
        "cities",
    )
