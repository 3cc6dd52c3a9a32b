"""The ledger of procedures: its order, its facets, which add up, and the same rows as CSV."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from business_environment.models import Procedure
from records.dates import PartialDate
from tests.crawling import Page
from tests.factories import make_aspect, make_procedure, make_source, make_statement

pytestmark = pytest.mark.django_db

ADDRESS = "/en/business-environment/approvals/ledger/"
FILE = "/en/business-environment/approvals/ledger.csv"

Fate, Scope, Stage = Procedure.Fate, Procedure.Scope, Procedure.Stage


def listing(client, query=""):
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 200
    return response.context["listing"]


def slugs(client, query=""):
    return [row.slug for row in listing(client, query).page.object_list]


def facet(client, name, query=""):
    options = next(one for one in listing(client, query).facets if one.name == name).options
    return {option.value: option.count for option in options}


def rows(client, query=""):
    content = b"".join(client.get(f"{FILE}?{query}").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_rows_stand_in_the_order_of_stages_with_the_old_before_the_new(client):
    make_procedure(slug="end", stage=Stage.COMPLETION, order=1)
    make_procedure(slug="new-land", stage=Stage.LAND, era="after", order=1)
    make_procedure(slug="land-2", stage=Stage.LAND, order=3)
    make_procedure(slug="land-1", stage=Stage.LAND, order=2)
    make_procedure(slug="start", stage=Stage.REGISTRATION, order=9)
    assert slugs(client) == ["start", "land-1", "land-2", "new-land", "end"]
    page = Page(ADDRESS, client.get(ADDRESS))
    headings = [node.text for node in page.find("h3") if "ledger-stage" in node.get("class", "")]
    assert headings == ["Company registration", "Land and planning", "Completion"]


def test_in_the_order_of_names_no_stage_is_a_heading(client):
    make_procedure(slug="b", name_en="B", stage=Stage.REGISTRATION)
    make_procedure(slug="a", name_en="A", stage=Stage.COMPLETION)
    assert slugs(client, "sort=name") == ["a", "b"]
    page = Page(ADDRESS, client.get(f"{ADDRESS}?sort=name"))
    assert [node.text for node in page.nodes if "ledger-stage" in node.get("class", "")] == []
    assert [node.text for node in page.find("h3")] == ["A", "B"]


def test_every_fate_and_scope_is_offered_and_counted(client):
    make_procedure(fate=Fate.KEPT, scope=Scope.SHANXI)
    make_procedure(fate=Fate.UNKNOWN, scope=Scope.CHINA)
    make_procedure(era="after", scope=Scope.SHANXI)
    make_procedure(state="draft", fate=Fate.MERGED, scope=Scope.SHANGHAI)
    assert facet(client, "fate") == dict.fromkeys(Fate.values, 0) | {"kept": 1, "not-known": 1, "none": 1}
    assert facet(client, "scope") == {"shanxi": 2, "shanxi-case": 0, "shanghai": 0, "china": 1}
    assert facet(client, "era") == {"before": 2, "after": 1}
    assert list(facet(client, "stage")) == Stage.values


def test_no_fate_is_a_value_of_its_own_and_says_why(client):
    make_procedure(slug="old", fate=Fate.KEPT)
    make_procedure(slug="gone", fate=Fate.CANCELLED)
    make_procedure(slug="new", era="after")
    assert slugs(client, "fate=none") == ["new"]
    assert slugs(client, "fate=none&fate=kept") == ["old", "new"]
    assert slugs(client, "fate=kept") == ["old"]
    content = client.get(f"{ADDRESS}?fate=none").content.decode()
    assert "No fate: a step after the reform" in content
    assert client.get(f"{ADDRESS}?fate=not-stated").status_code == 400


def test_counts_of_each_facet_add_up_to_the_list(client, shipped_rows):
    total = listing(client).total
    for name in ("era", "stage", "fate", "scope"):
        assert sum(facet(client, name).values()) == total
        for value, number in facet(client, name).items():
            assert listing(client, f"{name}={value}").total == number
            assert len(rows(client, f"{name}={value}")) == number


@pytest.fixture
def shipped_rows():
    """One row of every stage, fate, scope and era."""
    for number, stage in enumerate(Stage):
        fate, scope = list(Fate)[number % len(Fate)], list(Scope)[number % len(Scope)]
        make_procedure(stage=stage, fate=fate, scope=scope)
        make_procedure(stage=stage, scope=scope, era="after")


@pytest.mark.parametrize(
    ("query", "named"),
    [("fate=lost", "lost"), ("era=between", "between"), ("kind=x", "kind"), ("sort=days", "days")],
)
def test_what_is_not_understood_is_named_on_the_page_and_in_the_file(client, query, named):
    make_procedure(name_en="Shown procedure")
    for address in (ADDRESS, FILE):
        response = client.get(f"{address}?{query}")
        assert response.status_code == 400
        assert named in response.content.decode()
        assert "Shown procedure" not in response.content.decode()


def test_search_finds_office_papers_and_law_in_both_languages(client):
    make_procedure(slug="office", office_en="Bureau of Maps")
    make_procedure(slug="papers", papers_zh="地形图")
    make_procedure(slug="law", law_en="Maps Act")
    assert slugs(client, "q=maps") == ["law", "office"]
    assert slugs(client, "q=地形") == ["papers"]


def test_a_card_says_what_is_known_and_what_is_not(client):
    row = make_procedure(fate=Fate.PROMISED, scope=Scope.CHINA, name_en="Review", name_zh="审查")
    make_statement(
        row,
        aspect=make_aspect(key="working-days", unit="working-days"),
        number=Decimal(3),
        as_of=PartialDate("2019"),
        source=make_source(publisher_en="Made-up Daily"),
    )
    page = Page(ADDRESS, client.get(ADDRESS))
    card = next(node for node in page.nodes if "card" in node.get("class", "").split())
    assert card.text == (
        "Review 审查 Before the reform China in general 1 source Signed as a promise "
        "Time in Shanxi 3 working days as of 2019 Made-up Daily Office not stated"
    )


def test_the_head_counts_all_rows_whatever_is_filtered(client):
    make_procedure(), make_procedure(), make_procedure(era="after"), make_procedure(state="draft")
    hero = next(
        node
        for node in Page(ADDRESS, client.get(f"{ADDRESS}?era=after")).nodes
        if "hero" in node.get("class", "").split()
    )
    assert "Counted on this site 2 procedures before the reform, 1 after it." in hero.text


def test_the_file_has_every_element_in_both_languages(client):
    after = make_procedure(slug="next", era="after", stage=Stage.COMPLETION)
    row = make_procedure(
        slug="row",
        became=after,
        fate=Fate.GOVERNMENT,
        office_en="A bureau",
        office_zh="某局",
        papers_en="One form\nOne map",
        papers_zh="一张表",
        result_zh="许可证",
        recourse_en="The mayor",
        certified_by_en="A bureau",
        certified_on="2026-05-01",
    )
    days = {"aspect": make_aspect(key="working-days", unit="working-days")}
    make_statement(row, number=Decimal(3), source=make_source(publisher_en="Daily", title="A text"), **days)
    first, second = rows(client)
    assert (first["Address"], second["Address"]) == ("row", "next")
    assert {name: first[name] for name in WANTED} == WANTED
    assert (second["What became of it"], second["Became"], second["Time"]) == ("", "", "")
    assert "Daily" in first["Source of the time"]
    assert first["Sources"] == first["Source of the time"]


WANTED = {
    "Before or after": "Before the reform",
    "Stage": "Land and planning",
    "What became of it": "Done by government",
    "Became": "next",
    "Scope": "Shanxi",
    "Office (English)": "A bureau",
    "Office (Chinese)": "某局",
    "What one gets (English)": "",
    "What one gets (Chinese)": "许可证",
    "Papers (English)": "One form; One map",
    "Papers (Chinese)": "一张表",
    "Cost": "",
    "Time": "3 working days",
    "Time as of": "2021-03",
    "Legal limit": "",
    "Whom to complain to (English)": "The mayor",
    "Certified by (English)": "A bureau",
    "Certified on": "2026-05-01",
}


@pytest.mark.parametrize("address", [ADDRESS, FILE])
def test_list_and_file_cost_as_many_queries_for_three_rows_as_for_one(client, address):
    def add():
        make_statement(make_procedure(became=make_procedure(era="after")))

    def queries():
        with CaptureQueriesContext(connection) as caught:
            response = client.get(address)
            _ = b"".join(response.streaming_content) if response.streaming else response.content
        return len(caught)

    add()
    one = queries()
    add(), add()
    assert queries() == one
