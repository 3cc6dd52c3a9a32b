"""Both databases give the same answers, whatever language their server was set up for."""

import ast
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import F, Value
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from records.models import LoadedRecord, Source
from tests.factories import make_city, make_source, make_statement, make_zone
from zones.models import City, Zone

OURS = ("records", "listings", "zones", "projects", "business_environment", "shanxi_portal")

pytestmark = pytest.mark.django_db


# Order

SLUGS = ["-a", "1", "B", "a", "a-b", "a-c", "a_b", "ab", "b", "ä", "Ж", "太原", "𠮷"]


def test_texts_stand_in_the_order_of_their_code_points():
    for slug in reversed(SLUGS):
        make_city(slug=slug)
    assert sorted(SLUGS) == SLUGS
    assert list(City.objects.order_by("slug").values_list("slug", flat=True)) == SLUGS
    assert list(City.objects.order_by("-slug").values_list("slug", flat=True)) == SLUGS[::-1]
    between = City.objects.filter(slug__gt="a", slug__lt="b")
    assert {city.slug for city in between} == {slug for slug in SLUGS if "a" < slug < "b"}


@pytest.mark.postgresql
def test_every_column_of_text_has_that_order():
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = current_schema() AND data_type IN ('character varying', 'text')
              AND collation_name IS DISTINCT FROM 'C'
        """)
        assert cursor.fetchall() == []


@pytest.mark.postgresql
def test_a_column_that_changes_its_length_keeps_that_order():
    old, new = City._meta.get_field("other_spellings"), models.CharField(max_length=270)
    new.set_attributes_from_name("other_spellings")
    new.model = City
    with connection.schema_editor() as editor:
        editor.alter_field(City, old, new, strict=True)
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT character_maximum_length, collation_name FROM information_schema.columns
            WHERE table_name = 'zones_city' AND column_name = 'other_spellings'
        """)
        assert cursor.fetchall() == [(270, "C")]


def test_latest_sources_come_first_and_those_without_a_date_last():
    for slug, date in [("b", "2021-03"), ("c", None), ("d", "2021-11"), ("a", None), ("e", "2020")]:
        make_source(slug=slug, date=date)
    assert list(Source.objects.values_list("slug", flat=True)) == ["d", "b", "e", "a", "c"]


# Ordered by a column that may be empty without saying where the empty ones go, and why that does no harm.
HARMLESS = {
    "business_environment/models/indicator.py: home_order",  # only of those that have one
    "records/admin/moves.py: number",
    "records/history.py: -number",  # every version has one, unlike a statement
    "records/checks/statements.py: -adopted",  # every statement says so; elsewhere it is a date
}


def test_no_order_leaves_it_to_the_database_where_unknown_stands():
    ours = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    empty = {field.name for model in ours for field in model._meta.fields if field.null}
    assert {"status_on", "date"} <= empty
    lists = {
        f"{model._meta.label}: {name}"
        for model in ours
        for name in model._meta.ordering
        if isinstance(name, str) and may_be_empty(model, name)
    }
    calls = {
        f"{path.relative_to(settings.BASE_DIR)}: {name}"
        for app in OURS
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for name in orders(path)
        if name.lstrip("-").rpartition("__")[2] in empty
    }
    assert lists | calls <= HARMLESS


def may_be_empty(model, name):
    """Whether a column, followed from a model, may be empty."""
    null = False
    for part in name.lstrip("-").split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        null, model = null or field.null, field.related_model
    return null


def orders(path):
    """The names in every order_by("…") of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "order_by":
            yield from (value.value for value in node.args if isinstance(value, ast.Constant))


# Case


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Lüliang", "LÜLIANG"),
        ("LÜLIANG", "lüliang"),
        ("Москва", "МОСКВА"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("Hauptstraße", "STRASSE"),
        ("Taiyuan", "tAIYUAN"),
        ("吕梁市", "吕梁"),
        ("100% \\ a_b", "0% \\ A_B"),
    ],
)
def test_case_is_ignored_in_every_script(written, asked):
    make_zone(slug="found", name_en=written)
    make_zone(slug="other", name_en="Other")
    for lookup in ("icontains", "iendswith"):
        assert [zone.slug for zone in Zone.objects.filter(**{f"name_en__{lookup}": asked})] == (
            ["found"] if lookup == "icontains" or written.upper().endswith(asked.upper()) else []
        )
    assert Zone.objects.filter(name_en__iexact=written.swapcase()).exists()
    assert Zone.objects.filter(name_en__istartswith=written[:3].swapcase()).get().slug == "found"


def test_wildcards_are_letters():
    make_zone(name_en="100 percent")
    assert not Zone.objects.filter(name_en__icontains="%").exists()
    assert not Zone.objects.filter(name_en__icontains="1_0").exists()


def test_a_column_is_compared_with_another_without_regard_to_case():
    make_zone(slug="same", name_en="Ünlü Zone", summary_en="The ÜNLÜ ZONE of a city")
    make_zone(slug="other", name_en="Ünlü Zone", summary_en="Another one")
    for lookup, expression in [
        ("icontains", F("name_en")),
        ("istartswith", Value("THE Ü")),
        ("iendswith", Value("A City")),
    ]:
        assert [zone.slug for zone in Zone.objects.filter(**{f"summary_en__{lookup}": expression})] == [
            "same"
        ]


class Letters(TestCase):
    """Hypothesis asks within one transaction for each example."""

    @hypothesis_settings(max_examples=60, deadline=None)
    @given(
        st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "Zs"]), min_size=1, max_size=8)
    )
    @example("ŉﬁßİıſKς")
    def test_any_text_is_found_by_its_capitals_and_its_small_letters(self, text):
        city = make_city(name_en=text)
        for asked in (text, text.upper()):
            assert City.objects.filter(pk=city.pk, name_en__icontains=asked).exists(), asked
        found = City.objects.filter(pk=city.pk, name_en__icontains=text.lower()).exists()
        assert found == (text.lower().upper() in text.upper())


# Values


def test_numbers_keep_their_places_and_nothing_more():
    zone = make_zone(area_km2="12.50")
    statement = make_statement(zone, number="12.5")
    zone.refresh_from_db()
    statement.refresh_from_db()
    assert str(zone.area_km2) == str(Zone.objects.values_list("area_km2", flat=True).get())
    assert (zone.area_km2, statement.number) == (Decimal("12.5"), Decimal("12.5"))
    assert statement.number.as_tuple().exponent == -6


def test_what_was_loaded_is_kept_as_it_was():
    content = {"b": [1, None, True, "吕梁"], "a": {"x": 1.5, "é": ""}}
    loaded = LoadedRecord.objects.create(
        content_type=ContentType.objects.get_for_model(Zone), slug="a", content=content
    )
    loaded.refresh_from_db()
    assert loaded.content == content
