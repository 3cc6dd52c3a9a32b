"""The shipped records: all of data/ is in the database, and nothing else is."""

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models

from business_environment import models as environment
from projects.models import Project
from records.checks import columns
from records.fields import PartialDateField
from records.models import Source, State, Statement, record_models
from zones.models import City, Region, Zone

pytestmark = pytest.mark.usefixtures("shipped_data")

DATA = Path(settings.BASE_DIR) / "data"
SHORTHANDS = ("statements", "sources", "cites")

COUNTS = {
    Source: 251,
    City: 11,
    Zone: 70,
    Region: 1,
    Project: 145,
    environment.IndicatorValue: 58,
    environment.Policy: 12,
    environment.Cost: 7,
    environment.TransportLink: 9,
    environment.Reform: 1,
    environment.ReformAccount: 6,
    environment.ReformEvent: 9,
    environment.LegalText: 7,
    environment.ReformCase: 8,
    environment.PathQuestion: 4,
    environment.PathAnswer: 8,
}


@pytest.mark.parametrize(("model", "number"), COUNTS.items(), ids=[model.__name__ for model in COUNTS])
def test_there_are_as_many_rows_as_were_found(model, number):
    assert model.objects.count() == number


def test_procedures_are_22_before_and_8_after_the_reform():
    eras = environment.Procedure.objects.values_list("era", flat=True)
    assert Counter(eras) == {"before": 22, "after": 8}


def test_the_southeast_has_eight_claims():
    claims = Region.objects.with_statements().get(slug="southeast").figures("advantage")
    assert len(claims) == 8


def test_all_that_is_shipped_is_public():
    assert {
        model.__name__ for model in record_models() if model.objects.exclude(state=State.PUBLISHED).exists()
    } == set()


# Every word and number of the files


@cache
def entries():
    """(model, record) of every record of every file, read by a reader of its own: all scalars are texts."""
    found, loader = [], getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    for path in sorted(DATA.rglob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (it makes texts only)
        app, name = path.relative_to(DATA).with_suffix("").parts[:2]
        defaults = content.get("defaults", {})
        found += [(apps.get_model(app, name), {**defaults, **record}) for record in content["records"]]
    return found


def name_of(row):
    """How a file names a row."""
    if isinstance(row, ContentType):
        return f"{row.app_label}.{row.model}"
    return row.slug if hasattr(row, "slug") else row.key


def says(row, item, text):
    """Whether a column holds what a file says."""
    value = getattr(row, item.name)
    if item.is_relation:
        return name_of(value) == text
    if isinstance(item, PartialDateField):
        return value.text == text
    if isinstance(item, models.DecimalField | models.IntegerField):
        return Decimal(value) == Decimal(text)
    if isinstance(item, models.BooleanField):
        return value is (text == "true")
    return str(value) == text


def differences(row, content, where):
    """What a file says of a row and the database does not."""
    for name, value in content.items():
        if name in SHORTHANDS:
            continue
        item = row._meta.get_field(name)
        if item.many_to_many:
            if {name_of(one) for one in getattr(row, name).all()} != set(value):
                yield f"{where}.{name}"
        elif item.one_to_many:
            children = list(getattr(row, name).order_by("pk"))
            if len(children) != len(value):
                yield f"{where}.{name}: {len(children)} rows for {len(value)}"
            for number, (child, given) in enumerate(zip(children, value, strict=False)):
                yield from differences(child, given, f"{where}.{name}[{number}]")
        elif not says(row, item, value):
            yield f"{where}.{name}: {getattr(row, name)!r} for {value!r}"
    if SHORTHANDS[0] in content or "sources" in content or "cites" in content:
        yield from missing_statements(row, content, where)


def missing_statements(row, content, where):
    rows = list(row.statements.select_related("aspect", "source"))
    wanted = 0
    for given in content.get("statements", ()):
        plain = {name: value for name, value in given.items() if name not in ("aspect", "sources", "adopted")}
        for source in given["sources"]:
            wanted += 1
            if not any(
                one.aspect.key == given["aspect"]
                and one.source.slug == source
                and all(
                    says(one, one._meta.get_field(name), value)
                    for name, value in plain.items()
                    if value_of(one, name)
                )
                and all(value_of(one, name) for name in plain)
                for one in rows
            ):
                yield f"{where}: {given['aspect']} of {source}"
    cites = {"whole": content.get("sources", []), **content.get("cites", {})}
    for aspect, sources in cites.items():
        wanted += len(sources)
        held = {one.source.slug for one in rows if one.aspect.key == aspect and not one.has_value}
        if not set(sources) <= held:
            yield f"{where}: {aspect} cites {sorted(set(sources) - held)}"
    if len(rows) != wanted:
        yield f"{where}: {len(rows)} statements for {wanted}"


def value_of(row, name):
    """Whether the column holds anything; a number may be 0."""
    return getattr(row, name) not in (None, "")


def test_every_record_and_every_number_of_the_files_is_in_the_database():
    found, seen = [], Counter()
    for model, content in entries():
        key = "slug" if "slug" in content else "key"
        seen[model] += 1
        row = model.objects.filter(**{key: content[key]}).first()
        if row is None:
            found.append(f"{model.__name__} {content[key]} is missing")
        else:
            found += differences(row, content, f"{model.__name__} {content[key]}")
    assert found == []
    assert sum(seen.values()) == 648
    assert {model.__name__: number for model, number in seen.items() if model.objects.count() != number} == {}


def test_every_statement_in_the_database_comes_from_the_files():
    def stated(content):
        number = sum(len(one["sources"]) for one in content.get("statements", ()))
        number += len(content.get("sources", ())) + sum(map(len, content.get("cites", {}).values()))
        children = [child for value in content.values() if isinstance(value, list) for child in value]
        return number + sum(
            stated(child) for child in children if isinstance(child, dict) and "aspect" not in child
        )

    assert Statement.objects.count() == sum(stated(content) for _model, content in entries())


def test_columns_and_adopted_statements_agree_everywhere():
    found = [row for check in columns.CHECKS.values() for row in check.everything()]
    assert found == []


def test_columns_that_repeat_a_statement_are_checked_one_by_one():
    # The same again without the code under test.
    columns = {
        Zone: {"level": "level", "established": "established", "upgraded": "upgraded", "area": "area_km2"},
        Project: {"status": "status", "investment": "investment_yuan"},
    }
    compared, wrong = Counter(), []
    for model, pairs in columns.items():
        for row in model.objects.prefetch_related("statements__aspect"):
            for aspect, column in pairs.items():
                stated = [
                    one
                    for one in row.statements.all()
                    if one.aspect.key == aspect and one.adopted and one.has_value
                ]
                values = [one.choice or one.date or one.number for one in stated]
                values = [value for value in values if value]  # some sums are stated in words alone
                held = getattr(row, column)
                compared[column] += held is not None
                if values != ([held] if held is not None else []):
                    wrong.append(f"{row.slug} {column}: {held} for {values}")
    assert wrong == []
    assert set(compared) == {column for pairs in columns.values() for column in pairs.values()}
    assert min(compared.values()) >= 1
