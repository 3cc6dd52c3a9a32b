from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command

from records.checks import columns_that_disagree
from tests.factories import make_aspect, make_statement, make_zone
from zones.models import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    aspect = make_aspect(key="area", kind="number", unit="km2", column="area_km2")
    aspect.applies_to.add(ContentType.objects.get_for_model(Zone))
    return aspect


def found():
    return [(finding.record.slug, finding.subject, finding.reason) for finding in columns_that_disagree()]


def test_a_column_that_its_adopted_statement_repeats_is_no_finding(area):
    zone = make_zone(area_km2=Decimal("12.5"), area_kind="planned")
    make_statement(zone, aspect=area, number=Decimal("12.500000"), adopted=True)
    assert found() == []


def test_a_column_that_differs_from_its_adopted_statement_is_found(area):
    zone = make_zone(slug="differs", area_km2=Decimal("12.5"), area_kind="planned")
    make_statement(zone, aspect=area, number=Decimal("13"), adopted=True)
    assert [row[:2] for row in found()] == [("differs", "area")]


def test_a_column_without_a_statement_and_a_statement_without_its_column_are_found(area):
    make_zone(slug="no-statement", area_km2=Decimal("12.5"), area_kind="planned")
    make_statement(make_zone(slug="no-column"), aspect=area, number=Decimal("13"), adopted=True)
    assert sorted(row[0] for row in found()) == ["no-column", "no-statement"]


def test_a_statement_that_is_not_adopted_is_not_compared(area):
    zone = make_zone(area_km2=Decimal("12.5"), area_kind="planned")
    make_statement(zone, aspect=area, number=Decimal("12.5"), adopted=True)
    make_statement(zone, aspect=area, number=Decimal("99"), adopted=False)
    assert found() == []


def test_the_command_names_each_finding_and_fails(area):
    make_zone(slug="no-statement", area_km2=Decimal("12.5"), area_kind="planned")
    output = StringIO()
    with pytest.raises(CommandError, match="1 findings"):
        call_command("check_records", stdout=output)
    assert "zones.Zone no-statement: area: area_km2 is 12.500000" in output.getvalue()
