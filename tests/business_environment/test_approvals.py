"""The approvals page: a number is stated by a source or counted from rows, and follows its row."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from business_environment.models import Procedure
from records.dates import PartialDate
from tests.business_environment.approvals_page import ADDRESS, SECTIONS, counts, has_class, read
from tests.factories import (
    make_aspect,
    make_city,
    make_indicator,
    make_procedure,
    make_reform,
    make_source,
    make_statement,
    make_zone,
)

pytestmark = pytest.mark.django_db

Fate, Scope = Procedure.Fate, Procedure.Scope


@pytest.fixture
def reform():
    return make_reform()


# What is counted


def test_counts_follow_when_a_row_is_published_and_withdrawn(client, reform):
    make_procedure()
    draft = make_procedure(state="draft")
    assert counts(client)["procedure before the reform that a source names"] == 1
    Procedure.objects.filter(pk=draft.pk).update(state="published")
    assert counts(client)["procedures before the reform that sources name"] == 2
    Procedure.objects.filter(pk=draft.pk).update(
        state="withdrawn", withdrawn_on="2026-01-01", withdrawn_reason_en="Wrong."
    )
    assert counts(client)["procedure before the reform that a source names"] == 1


def test_counts_follow_the_fate(client, reform):
    row = make_procedure(fate=Fate.KEPT)
    before = {fate.label: int(fate == Fate.KEPT) for fate in Fate}
    found = counts(client)
    assert {label: found[label] for label in before} == before
    row.fate = Fate.PROMISED
    row.save()
    found = counts(client)
    assert {fate.label: found[fate.label] for fate in Fate} == {
        fate.label: int(fate == Fate.PROMISED) for fate in Fate
    }


@pytest.mark.parametrize(
    ("scope", "near"),
    [(Scope.SHANXI, 1), (Scope.SHANXI_CASE, 1), (Scope.SHANGHAI, 0), (Scope.CHINA, 0)],
)
def test_counts_follow_the_scope(client, reform, scope, near):
    row = make_procedure(scope=Scope.CHINA)
    row.scope = scope
    row.save()
    found = counts(client)
    assert sum(number for label, number in found.items() if "about Shanxi" in label) == near
    assert found["of them named only by texts about other places or China in general"] == 1 - near


def test_counts_follow_the_era(client, reform):
    row = make_procedure()
    Procedure.objects.filter(pk=row.pk).update(era="after", fate="")
    found = counts(client)
    assert found["procedure after the reform that a source names"] == 1
    assert found["procedures before the reform that sources name"] == 0


def test_counts_of_what_is_stated_follow(client, reform):
    row = make_procedure()
    labels = ("Office", "Papers", "Time in Shanxi", "Cost", "Law")
    assert [counts(client)[label] for label in labels] == [0, 0, 0, 0, 0]
    row.office_en, row.law_zh = "A bureau", "某法"
    row.save()
    make_statement(row, aspect=make_aspect(key="working-days", unit="working-days"), number=Decimal(3))
    make_statement(row, aspect=make_aspect(key="days-elsewhere", unit="working-days"), number=Decimal(9))
    assert [counts(client)[label] for label in labels] == [1, 0, 1, 0, 1]


# What is stated


def test_number_of_an_account_follows_its_row(client, reform):
    account = reform.accounts.get()
    make_statement(account, source=make_source(publisher_en="Made-up Gazette"))
    account.count, account.as_of = 17, PartialDate("2021-05")
    account.save()
    part = account.parts.first()
    part.count, part.named_en, part.named_zh = None, "", ""
    part.save()
    text = read(client).find("main")[0].text
    assert "17 items as of May 2021 Made-up Gazette" in text
    assert f"{part.label_en} not stated None of them is named." in text


def test_both_numbers_of_the_claim_have_a_passport(client):
    indicator = make_indicator(
        unit="procedures",
        values=[
            {"number": Decimal(30), "period": PartialDate("2016")},
            {"number": Decimal(6), "period": PartialDate("2021-03")},
        ],
    )
    first, second = indicator.values.order_by("pk")
    for value, publisher in ((first, "Old Gazette"), (second, "New Gazette")):
        make_statement(value, source=make_source(publisher_en=publisher))
    make_reform(claim_before=first, claim_after=second)
    text = next(node for node in read(client).nodes if has_class(node, "claim")).text
    assert "30 procedures as of 2016 Old Gazette" in text
    assert "6 procedures as of March 2021 New Gazette" in text


# What is there, and what is not


def test_no_reform_is_404(client):
    make_reform(state="draft")
    make_procedure()
    assert client.get(ADDRESS).status_code == 404


def test_of_several_reforms_the_first_is_shown_and_a_draft_never(client):
    make_reform(slug="a-draft", state="draft", summary_en="Hidden words.")
    make_reform(slug="b-first", summary_en="First words.")
    make_reform(slug="c-second", summary_en="Second words.")
    text = read(client).find("main")[0].text
    assert [words for words in ("Hidden words.", "First words.", "Second words.") if words in text] == [
        "First words."
    ]


def test_without_claim_accounts_or_procedures_the_page_still_stands(client):
    make_reform(parts=False, summary_en="Words.")
    assert [one for one in read(client).ids if one in SECTIONS] == ["ledger"]


def test_a_case_leads_to_its_cities_and_public_zones_only(client, reform):
    case = reform.cases.get()
    case.cities.add(make_city(name_en="Made-up City"))
    case.zones.add(make_zone(name_en="Public Zone"), make_zone(name_en="Draft Zone", state="draft"))
    text = read(client).find("main")[0].text
    assert [name for name in ("Made-up City", "Public Zone", "Draft Zone") if name in text] == [
        "Made-up City",
        "Public Zone",
    ]


def test_the_page_costs_as_many_queries_for_three_rows_as_for_one(client, reform):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(ADDRESS)
        return len(caught)

    def add():
        row = make_procedure(became=make_procedure(era="after"))
        make_statement(row)
        make_statement(reform.accounts.first())
        reform.cases.first().zones.add(make_zone())

    add()
    client.get(ADDRESS)
    one = queries()
    add(), add()
    assert queries() == one
