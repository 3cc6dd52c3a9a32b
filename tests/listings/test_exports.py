"""CSV files: the rows of the page, in its order, harmless in a spreadsheet, in both languages."""

from decimal import Decimal

import pytest

from records.dates import PartialDate
from records.models import Aspect
from tests.factories import (
    make_aspect,
    make_city,
    make_industry,
    make_project,
    make_source,
    make_statement,
    make_zone,
)
from tests.listings.files import read, slugs_of_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def many():
    cities = [make_city(slug="datong"), make_city(slug="linfen")]
    for number in range(60):
        make_zone(slug=f"zone-{number:02d}", city=cities[number % 2], area_km2=[None, 5, 7][number % 3])
        make_project(
            slug=f"project-{number:02d}",
            city=cities[number % 2],
            investment_yuan=[None, 5 * 10**8][number % 2],
            investment_basis="total",
        )
    make_zone(slug="hidden", state="draft", city=cities[0])
    make_project(slug="hidden", state="withdrawn", city=cities[0])


@pytest.mark.parametrize(
    ("kind", "query", "rows"),
    [
        ("zones", "", 60),
        ("zones", "?city=datong", 30),
        ("zones", "?city=datong&area_from=1&sort=area-largest", 20),
        ("zones", "?sort=area-smallest&q=zone", 60),
        ("projects", "", 60),
        ("projects", "?city=linfen&investment_from=100&sort=investment-smallest", 30),
        ("projects", "?investment=not-stated&sort=name", 30),
        ("projects", "?q=nothing", 0),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_file_has_the_rows_of_the_page_in_its_order_without_paging(
    client, many, language, kind, query, rows
):
    headings, found = read(client, f"/{language}/{kind}.csv{query}")
    assert [row[headings[0]] for row in found] == slugs_of_page(client, f"/{language}/{kind}/{query}")
    assert len(found) == rows


def test_the_page_links_to_the_file_of_its_own_rows(client, many):
    answer = client.get("/en/zones/?city=datong&sort=name&page=2")
    url = answer.context["listing"].export_url
    assert url == "/en/zones.csv?city=datong&sort=name"
    assert f'href="{url.replace("&", "&amp;")}"' in answer.content.decode()


def test_a_file_of_zones_has_figures_with_date_and_source(client):
    area = make_aspect(key="area", unit="km2")
    source = make_source(publisher_en="Gazette", title="Plan")
    zone = make_zone(
        slug="a",
        name_en="A",
        name_zh="甲",
        level="national",
        area_km2=Decimal("14.5"),
        area_kind="planned",
        established=PartialDate("2012-08"),
        industries=[make_industry(name_en="Steel"), make_industry(name_en="Coal")],
        city=make_city(name_en="Datong"),
        county_en="Pingcheng",
    )
    make_statement(zone, aspect=area, source=source, number=Decimal("14.5"), as_of=PartialDate("2020-12"))
    make_zone(slug="b", level_guess="national", city=zone.city)
    headings, (first, second) = read(client, "/en/zones.csv")
    assert headings == [
        "Address",
        "Name (English)",
        "Name (Chinese)",
        "Level",
        "Type",
        "City",
        "County or district",
        "Established",
        "Area, km²",
        "Kind of area",
        "Area as of",
        "Source of the area",
        "Leading industries",
        "GB/T 37028 code",
        "Statistical division code",
        "Latitude",
        "Longitude",
        "Coordinates of",
        "Checked on",
    ]
    assert {name: value for name, value in first.items() if value} == {
        "Address": "a",
        "Name (English)": "A",
        "Name (Chinese)": "甲",
        "Level": "National level",
        "Type": "Economic and technological development zone",
        "City": "Datong",
        "County or district": "Pingcheng",
        "Established": "2012-08",
        "Area, km²": "14.5",
        "Kind of area": "planned",
        "Area as of": "2020-12",
        "Source of the area": "Gazette: Plan",
        "Leading industries": "Steel; Coal",
    }
    assert (second["Level"], second["Area, km²"], second["Source of the area"]) == ("", "", "")


def test_a_file_of_projects_has_sum_and_status_with_their_sources(client):
    investment = make_aspect(key="investment", unit="yuan")
    status = make_aspect(key="status", kind=Aspect.Kind.CHOICE, column="status")
    source = make_source(publisher_en="Daily", title="News")
    project = make_project(
        slug="a",
        name_en="A",
        name_zh="甲",
        city=make_city(name_en="Shuozhou"),
        investment_yuan=500_000_000,
        investment_basis="total",
        status="under-construction",
        status_on=PartialDate("2021-03-26"),
        zone=make_zone(name_en="Draft zone", state="draft"),
        zone_stated_en="a park",
        company_en="Maker",
        sector=make_industry(name_en="Energy"),
    )
    make_statement(
        project, aspect=investment, source=source, number=500_000_000, as_of=PartialDate("2021-03-26")
    )
    make_statement(project, aspect=status, source=source, choice="under-construction")
    _headings, (row,) = read(client, "/en/projects.csv")
    assert {name: value for name, value in row.items() if value} == {
        "Address": "a",
        "Name (English)": "A",
        "Name (Chinese)": "甲",
        "Kind": "Project",
        "Company": "Maker",
        "City": "Shuozhou",
        "Zone as stated": "a park",
        "Sector": "Energy",
        "Investment, yuan": "500000000",
        "What the sum covers": "total",
        "Investment as of": "2021-03-26",
        "Source of the investment": "Daily: News",
        "Status": "Under construction",
        "Status as of": "2021-03-26",
        "Sources": "Daily: News",
    }


def test_headings_and_words_are_in_the_language_of_the_address(client):
    make_zone(level="national")
    english, (row_en,) = read(client, "/en/zones.csv")
    chinese, (row_zh,) = read(client, "/zh-hans/zones.csv")
    assert len(english) == len(chinese) == len(set(chinese))
    assert [heading for heading in chinese if heading.isascii()] == []
    assert row_en["Level"] == "National level"
    assert list(row_zh.values())[3] == "国家级"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%"])
def test_what_a_spreadsheet_would_run_is_made_harmless(client, start):
    formula = f"{start}1+cmd('calc')"
    make_zone(name_en=formula, county_en=formula)
    _headings, (row,) = read(client, "/en/zones.csv")
    # The pipe, which starts a program in old spreadsheets, is escaped besides.
    harmless = "'" + formula.replace("|", "\\|")
    assert row["Name (English)"] == harmless
    assert row["County or district"] == harmless


def test_cells_with_commas_quotes_and_lines_come_back_whole(client):
    make_zone(name_en='A, "B"\nC; D', name_zh="甲，“乙”")
    _headings, (row,) = read(client, "/en/zones.csv")
    assert (row["Name (English)"], row["Name (Chinese)"]) == ('A, "B"\nC; D', "甲，“乙”")


def test_the_file_has_a_name_and_a_type(client):
    make_zone()
    answer = client.get("/en/zones.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="zones.csv"'


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (
            "/en/zones.csv?foo=1&city=atlantis",
            [
                "Some filters were not understood.",
                "foo: There is no such filter. There are: q, city, level, type, industry, area_from, "
                "area_below, established_from, established_to, sort.",
                "city: “atlantis” is not one of the values.",
            ],
        ),
        (
            "/en/projects.csv?investment_from=many",
            ["Some filters were not understood.", "investment_from: Enter a number."],
        ),
        (
            "/en/zones.csv?sort=size",
            [
                "Some filters were not understood.",
                "sort: “size” is not a way to sort. There are: city, name, area-largest, area-smallest, "
                "established-latest, established-earliest.",
            ],
        ),
    ],
)
def test_a_file_with_a_filter_that_is_not_understood_is_refused_by_name(client, address, lines):
    make_zone()
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == lines


def test_a_file_costs_the_same_queries_for_one_row_and_for_many(client, django_assert_num_queries):
    def make():
        zone = make_zone(industries=[make_industry()])
        make_statement(zone, aspect=area)

    area = make_aspect(key="area")
    make()
    # 1 zones  2 industries  3 statements
    for _time in range(2):
        with django_assert_num_queries(3):
            read(client, "/en/zones.csv")
        make(), make()
