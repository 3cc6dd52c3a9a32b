"""A comparison as a file."""

import csv
import io
from decimal import Decimal

import pytest

from records.dates import PartialDate
from tests.factories import (
    make_source,
    make_statement,
    make_zone,
)
from tests.zones.comparing import get

pytestmark = pytest.mark.django_db


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_file_has_value_date_and_source_of_each_zone(client, area):
    source = make_source(publisher_en="Shanxi Daily", title="Zones")
    zone = make_zone(area_km2=Decimal("5"), area_kind="planned")
    make_statement(zone, aspect=area, number=5, as_of=PartialDate("2020-09"), source=source)
    other = make_zone()
    response = client.get("/en/zones/compare.csv", {"zone": [zone.slug, other.slug]})
    head, *lines = rows_of(response)
    assert head == [
        "Group",
        "Row",
        *(zone.name_en, f"{zone.name_en}: as of", f"{zone.name_en}: source"),
        *(other.name_en, f"{other.name_en}: as of", f"{other.name_en}: source"),
    ]
    found = next(line for line in lines if line[1] == "Area")
    assert found == ["Land", "Area", "5 km² (planned)", "2020-09", "Shanxi Daily: Zones", "", "", ""]


def test_file_has_the_rows_of_the_page(client):
    slugs = [make_zone().slug, make_zone(county_en="Yu County").slug]
    page = get(client, zone=slugs, differences=1)
    labels = [row.label for _label, rows in page.context["comparison"].groups for row in rows]
    lines = rows_of(client.get("/en/zones/compare.csv", {"zone": slugs, "differences": 1}))
    assert [line[1] for line in lines[1:]] == labels == ["County or district"]


def test_file_is_refused_where_it_would_lack_a_zone(client):
    zone, gone = make_zone(), make_zone(state="withdrawn")
    response = client.get("/en/zones/compare.csv", {"zone": [zone.slug, "nowhere", gone.slug], "colour": 1})
    assert response.status_code == 400
    assert response.content.decode().splitlines()[1:] == [
        "colour: There is no such parameter. There are: zone, differences.",
        "zone: “nowhere” was not found.",
        f"zone: “{gone.name_en}” was withdrawn.",
    ]


def test_file_of_too_many_or_no_zones_is_refused(client):
    zones = [make_zone() for _ in range(6)]
    response = client.get("/en/zones/compare.csv", {"zone": [zone.slug for zone in zones]})
    assert response.status_code == 400
    assert f"“{zones[5].name_en}” is one too many." in response.content.decode()
    assert client.get("/en/zones/compare.csv").status_code == 400
