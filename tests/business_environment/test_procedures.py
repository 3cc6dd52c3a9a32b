"""The page of one procedure: ten elements, each stated or said not to be; before and after; its rules."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from business_environment.models import Procedure
from tests.crawling import Page
from tests.factories import (
    make_aspect,
    make_path_answer,
    make_path_question,
    make_prerequisite,
    make_procedure,
    make_procedure_rule,
    make_source,
    make_statement,
)

pytestmark = pytest.mark.django_db

BASE = "/en/business-environment/approvals/"
ASK = "not stated, ask"
TEN = (
    *("Office", "What you get", "What you bring", "Cost", "Time"),
    *("Limit and promise", "Law", "Notes", "Whom to complain to", "Certified by"),
)


def read(client, slug, language="en"):
    address = BASE.replace("/en/", f"/{language}/") + f"{slug}/"
    response = client.get(address)
    assert response.status_code == 200
    return Page(address, response)


def elements(page):
    """The ten elements of the page: what stands beside each name."""
    box = next(node for node in page.nodes if "elements" in node.get("class", "").split())
    return {row.children[0].text: row.children[1].text for row in box.children}


def panel(page):
    box = next(node for node in page.find("aside"))
    return box.text


def say(row, key, number, unit="working-days", **more):
    return make_statement(row, aspect=make_aspect(key=key, unit=unit), number=Decimal(number), **more)


def test_all_ten_are_there_and_a_blank_one_says_whom_to_ask(client):
    make_procedure(slug="bare")
    page = read(client, "bare")
    assert elements(page) == dict.fromkeys(TEN, ASK) | {
        "Time": f"{ASK} Waiting time {ASK}",
        "Limit and promise": f"Legal limit {ASK} Promised limit {ASK}",
        "Notes": "none",
        "Certified by": "No office has confirmed this page yet.",
    }
    assert "and none names the office. Ask the zone where" in page.find("main")[0].text


def test_what_is_stated_stands_there_with_its_passport(client):
    row = make_procedure(
        slug="full",
        office_en="A bureau",
        result_en="A permit",
        papers_en="One form\nOne map",
        papers_of_en="Shanghai’s list",
        law_en="An act",
        notes_en="A note",
        recourse_en="The mayor",
        certified_by_en="A bureau",
        certified_on="2026-05-01",
    )
    source = make_source(publisher_en="Daily")
    say(row, "fee", 100, unit="yuan", source=source)
    for number, key in enumerate(("working-days", "queue-days", "limit-days", "promised-days"), 3):
        say(row, key, number, source=source)
    passport = "as of March 2021 Daily"
    page = read(client, "full")
    assert elements(page) == {
        "Office": "A bureau",
        "What you get": "A permit",
        "What you bring": "One form One map Shanghai’s list",
        "Cost": f"100 yuan {passport}",
        "Time": f"3 working days {passport} Waiting time 4 working days {passport}",
        "Limit and promise": (
            f"Legal limit 5 working days {passport} Promised limit 6 working days {passport}"
        ),
        "Law": "An act",
        "Notes": "A note",
        "Whom to complain to": "The mayor",
        "Certified by": "A bureau, 1 May 2026",
    }
    assert "Ask the office, or the zone where you want to build" in page.find("main")[0].text


def test_time_elsewhere_is_told_apart_and_is_no_time_in_shanxi(client):
    say(make_procedure(slug="row"), "days-elsewhere", 9, source=make_source(publisher_en="Beijing Daily"))
    assert elements(read(client, "row"))["Time"] == (
        f"{ASK} Waiting time {ASK} "
        "Elsewhere in China, not in Shanxi 9 working days as of March 2021 Beijing Daily"
    )


def test_sources_that_disagree_are_both_read(client):
    row = make_procedure(slug="row")
    aspect = make_aspect(key="working-days", unit="working-days")
    make_statement(row, aspect=aspect, number=Decimal(3), source=make_source(publisher_en="Daily"))
    other = make_source(publisher_en="Weekly")
    make_statement(row, aspect=aspect, number=Decimal(8), source=other, adopted=False)
    assert elements(read(client, "row"))["Time"] == (
        "3 working days as of March 2021 Daily Other sources say: "
        f"8 working days as of March 2021 Weekly Waiting time {ASK}"
    )


def test_before_and_after_link_both_ways(client):
    after = make_procedure(slug="new", era="after", name_en="New step")
    make_procedure(slug="old", name_en="Old step", became=after, fate=Procedure.Fate.MERGED)
    make_procedure(slug="hidden", name_en="Hidden step", became=after, state="draft")
    links = {node.get("href"): node.text for node in read(client, "old").find("a")}
    assert links[f"{BASE}new/"] == "New step"
    page = read(client, "new")
    assert "Takes over from Old step Merged" in panel(page)
    assert "Hidden step" not in page.body.text


@pytest.mark.parametrize(
    ("fate", "words"),
    [("cancelled", "No step of its own any more."), ("not-known", "No source says which step it became.")],
)
def test_a_step_that_leads_to_none_says_so(client, fate, words):
    make_procedure(slug="old", fate=fate)
    assert f"Became {words}" in panel(read(client, "old"))


def test_rules_name_their_answers_their_reason_and_our_reading(client):
    building = make_path_question(label_en="Work", order=1)
    site = make_path_question(label_en="Site", order=2)
    new, extension = make_path_answer(building, label_en="New"), make_path_answer(building, label_en="More")
    relics = make_path_answer(site, label_en="Relics")
    row = make_procedure(slug="row")
    rule = make_procedure_rule(row, new, extension, relics, reason_en="So it is.", is_reading=True)
    make_statement(rule, source=make_source(publisher_en="Daily"))
    make_procedure_rule(row, reason_en="Always so.")
    text = read(client, "row").find("main")[0].text
    assert "Work (any of these) New More Site Relics So it is. our reading Daily" in text
    assert "In every project Always so." in text


def test_without_a_rule_it_is_said_to_be_no_step(client):
    make_procedure(slug="row")
    assert "It is no step of the permit path" in read(client, "row").find("main")[0].text


def test_only_public_steps_stand_before_and_after_it(client):
    row = make_procedure(slug="row")
    for state in ("published", "draft"):
        make_prerequisite(row, make_procedure(name_en=f"Needed {state}", state=state))
        make_prerequisite(make_procedure(name_en=f"Waiting {state}", state=state), row)
    text = read(client, "row").find("main")[0].text
    found = [f"{name} {state}" for name in ("Needed", "Waiting") for state in ("published", "draft")]
    assert [name for name in found if name in text] == ["Needed published", "Waiting published"]


def test_procedures_of_one_name_have_titles_of_their_own(client):
    make_procedure(slug="old", name_en="Permit"), make_procedure(slug="new", era="after", name_en="Permit")
    titles = [read(client, slug).title for slug in ("old", "new")]
    assert titles == [
        "Permit – Before the reform – Invest Shanxi",
        "Permit – After the reform – Invest Shanxi",
    ]


def test_breadcrumbs_lead_through_approvals_and_ledger(client):
    make_procedure(slug="row", name_en="Permit")
    page = read(client, "row")
    crumbs = next(node for node in page.nodes if "breadcrumbs" in node.get("class", "").split())
    assert [node.get("href") for node in crumbs.walk() if node.tag == "a"] == [
        "/en/business-environment/",
        BASE,
        f"{BASE}ledger/",
    ]


def test_draft_is_404_and_withdrawn_leaves_a_tombstone(client):
    make_procedure(slug="draft", state="draft")
    gone = {"withdrawn_on": "2026-01-01", "withdrawn_reason_en": "It was two."}
    make_procedure(slug="gone", state="withdrawn", **gone)
    assert client.get(f"{BASE}draft/").status_code == 404
    response = client.get(f"{BASE}gone/")
    assert response.status_code == 410
    assert "It was two." in response.content.decode()


def test_no_text_about_shanxi_is_a_warning(client):
    make_procedure(slug="near"), make_procedure(slug="far", scope=Procedure.Scope.CHINA)
    warnings = ["No text about Shanxi" in read(client, slug).body.text for slug in ("near", "far")]
    assert warnings == [False, True]


def test_the_page_costs_as_many_queries_for_three_parts_as_for_one(client):
    row = make_procedure(slug="row", became=make_procedure(era="after"))

    def add():
        rule = make_procedure_rule(row, make_path_answer(make_path_question()))
        make_statement(rule), make_statement(row)
        make_statement(make_prerequisite(row, make_procedure()))
        make_prerequisite(make_procedure(), row)
        make_procedure(became=row, fate="kept")

    def queries():
        with CaptureQueriesContext(connection) as caught:
            read(client, "row")
        return len(caught)

    add()
    one = queries()
    add(), add()
    assert queries() == one


@pytest.mark.sqlite
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_shipped_procedure_has_its_page_with_ten_elements(client, shipped_data, language):
    slugs = list(Procedure.objects.published().values_list("slug", flat=True))
    assert len(slugs) == 30
    for slug in slugs:
        page = read(client, slug, language)
        assert len(elements(page)) == 10
        assert page.parse_error == ""
