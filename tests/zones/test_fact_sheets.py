"""Fact sheets of zones, through the address that readers use."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records import printing
from tests.factories import make_aspect, make_city, make_project, make_source, make_statement, make_zone
from tests.printed import descriptions_of, text_of

pytestmark = pytest.mark.sqlite

UNKNOWN = {"en": "not stated", "zh-hans": "未注明"}


def address(zone, language="en"):
    return f"/{language}/zones/{zone.slug}/fact-sheet/"


@pytest.fixture
def html(client, monkeypatch):
    """The page that would be printed, in place of its PDF."""
    monkeypatch.setattr(printing, "_print", lambda html: html.encode())

    def get(zone, language="en"):
        response = client.get(address(zone, language))
        assert response.status_code == 200
        return response.content.decode()

    return get


@pytest.fixture
def area(db):
    return make_aspect(key="area", label_en="Area", label_zh="面积", unit="km2", group="land")


@pytest.fixture
def companies(db):
    return make_aspect(key="companies", label_en="Companies", kind="text", group="industry")


# The PDF


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sheet_says_figures_with_dates_sources_and_the_address(client, can_print, area, language):
    zone = make_zone(
        name_en="Gaoping zone", name_zh="高平开发区", summary_en="A zone.", summary_zh="开发区。"
    )
    make_statement(zone, aspect=area, number="239.4", source=make_source(title="Plan of the zone"))

    response = client.get(address(zone, language))
    text = text_of(response)

    assert "Gaoping zone" in text
    assert "高平开发区" in text
    assert {"en": "239.4 km²", "zh-hans": "239.4平方公里"}[language] in text
    assert {"en": "as of March 2021", "zh-hans": "2021年3月"}[language] in text
    assert "[1]" in text
    assert "Plan of the zone" in text
    assert UNKNOWN[language] in text
    assert f"http://testserver/{language}/zones/{zone.slug}/" in text


def test_map_is_described_in_words(client, can_print, db):
    zone = make_zone(city=make_city(slug="datong", name_en="Datong"))
    pdf = client.get(address(zone))
    assert "Where in Shanxi it lies: Datong" in descriptions_of(pdf)


def test_sheet_is_a_file_with_a_name_that_anyone_may_keep(client, can_print, db):
    zone = make_zone(slug="gaoping-edz")
    response = client.get(address(zone))

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="gaoping-edz-fact-sheet-en.pdf"'
    assert response["Cache-Control"] == "public, max-age=300"
    assert response["Link"] == '</en/zones/gaoping-edz/>; rel="canonical"'
    assert "Cookie" not in response["Vary"]
    assert client.get(address(zone), headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.head(address(zone)).status_code == 200


# What stands on it


def test_lists_are_cut_and_say_so(html, companies):
    zone = make_zone()
    for number in range(12):
        make_statement(zone, aspect=companies, text_en=f"Company {number:02}", position=number)
    for number in range(9):
        make_project(zone=zone, name_en=f"Works {number}")

    page = html(zone)

    assert "Company 09" in page
    assert "Company 10" not in page
    assert "and 2 more on the page of this zone" in page
    assert len(re.findall("Works [0-9]", page)) == 8
    assert "and 1 more project on the page of this zone" in page


def test_nothing_is_counted_where_everything_is_shown(html, db):
    assert " more " not in html(make_zone())


def test_disagreeing_sources_are_both_told(html, area):
    zone = make_zone()
    make_statement(zone, aspect=area, number=31)
    make_statement(zone, aspect=area, number=37, adopted=False)
    page = html(zone)
    assert "31 km²" in page
    assert re.search("Other sources say:.*37 km²", page, re.S)


def test_sources_are_numbered_as_they_are_listed(html, area):
    zone = make_zone()
    first, second = make_source(title="First paper"), make_source(title="Second paper")
    make_statement(zone, aspect=area, number=31, source=first)
    make_statement(zone, aspect=make_aspect(order=2, label_en="Works"), number=5, source=second)
    page = html(zone)
    assert re.search(r"31 km².*?\[1\]", page, re.S)
    assert re.search(r"Works.*?\[2\]", page, re.S)
    assert page.index("First paper") < page.index("Second paper")


def test_drafts_do_not_show(html, db):
    status = make_aspect(key="status", kind="text")
    zone = make_zone(part_of=make_zone(state="draft", name_en="Hidden whole"))
    project = make_project(zone=zone, state="draft", name_en="Hidden works")
    make_statement(project, aspect=status, source=make_source(title="Hidden paper"))
    assert "Hidden" not in html(zone)


def test_words_of_editors_are_words(html, area):
    zone = make_zone(name_en='<img src="file:///etc/passwd">')
    assert "<img" not in html(zone)


# It follows the record


@pytest.mark.parametrize("what", ["zone", "statement", "source", "project"])
def test_any_change_makes_it_anew(html, area, what):
    zone = make_zone()
    statement = make_statement(zone, aspect=area, number=31)
    project = make_project(zone=zone)
    before = html(zone)
    assert html(zone) == before

    for row, field in {
        "zone": [(zone, "summary_en")],
        "statement": [(statement, "note_en"), (statement, "doubt_en")],
        "source": [(statement.source, "title")],
        "project": [(project, "name_en")],
    }[what]:
        setattr(row, field, "Changed since")
        row.save()
    assert "Changed since" in html(zone)


def test_more_projects_cost_no_more_queries(html, django_assert_num_queries, db):
    zone, other = make_zone(), make_zone()
    make_project(zone=zone)
    for _ in range(3):
        make_project(zone=other)
    html(zone)  # What is asked once and kept.
    with CaptureQueriesContext(connection) as one:
        html(zone)
    with django_assert_num_queries(len(one)):
        html(other)


# What has none


def test_draft_and_unknown_have_no_sheet(client, db):
    assert client.get(address(make_zone(state="draft"))).status_code == 404
    assert client.get(address(make_zone(state="in-review"))).status_code == 404
    assert client.get("/en/zones/no-such-zone/fact-sheet/").status_code == 404


def test_withdrawn_zone_says_that_it_is(client, db):
    response = client.get(address(make_zone(state="withdrawn")))
    assert response.status_code == 410
    assert b"It was counted twice." in response.content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("lacking", ["printer", "has_chinese_font"])
def test_where_printing_is_not_possible_a_page_says_why(
    client, db, monkeypatch, can_print, lacking, language
):
    monkeypatch.setattr(printing, lacking, lambda: None)
    zone = make_zone()
    response = client.get(address(zone, language))
    assert response.status_code == 503
    assert response["Content-Type"].startswith("text/html")
    assert "public" not in response.get("Cache-Control", "")
    assert f'href="/{language}/zones/{zone.slug}/"' in response.content.decode()


def test_page_of_the_zone_leads_to_it(client, db):
    zone = make_zone()
    assert f'href="{address(zone)}"' in client.get(f"/en/zones/{zone.slug}/").content.decode()
