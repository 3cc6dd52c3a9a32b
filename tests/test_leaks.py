"""Nothing that is not published shows anywhere: not a word, not a count, not a byte.

Hidden records of every kind are put beside public ones, tied to them in every way there is. Each of their
texts is a word that stands nowhere else. Then the whole public site is read, and must be the same as before.
"""

import re

import pytest
from django.test import Client

from business_environment.models import Cost, Indicator, Policy, Procedure, Reform, TransportLink
from projects.models import Project
from records.models import Source, record_models
from tests.hiding import FACET_VALUES, HIDDEN_STATES, Site, Words, crawl, words_of
from zones.models import Region, Zone

pytestmark = pytest.mark.django_db

# Every kind of record with a page of its own, and where that is.
FOLDERS = {
    Zone: "zones",
    Project: "projects",
    Region: "regions",
    Procedure: "business-environment/approvals",
    Indicator: "business-environment/indicators",
    Policy: "business-environment/policies",
    Cost: "business-environment/costs",
    TransportLink: "business-environment/transport",
}


@pytest.fixture
def site():
    return Site()


def test_every_kind_of_record_is_hidden_here(site):
    words = Words()
    site.hide("draft", words)
    assert {model for model in record_models() if model.objects.exclude(state="published").exists()} == set(
        record_models()
    )
    assert len(words.labels) > 250


def test_hidden_records_change_no_byte_of_any_public_page(site):
    before = crawl()
    assert len(before) > 300
    words = Words()
    for state in HIDDEN_STATES:
        site.hide(state, words)
    after = crawl()
    assert sorted(after) == sorted(before)
    assert [address for address in before if before[address] != after[address]] == []
    assert words_of(after.values()) == set()


# Texts that no page, list or file shows, whatever the state of their record.
NEVER_SHOWN = {
    "park.nbs_code",
    "reform.slug",
    "zone.catalogue_code",
    "zone.website",
}


# That the words can be seen at all is a matter of the pages, which are the same on either database.
@pytest.mark.sqlite
def test_the_same_records_show_their_words_once_they_are_published(site):
    words = Words()
    site.hide("draft", words)
    for model in record_models():
        model.objects.filter(state="draft").update(state="published")
    # Of several reforms the site shows the first.
    Reform.objects.filter(slug="public-reform").update(state="draft")
    shown = {words.labels[word] for word in words_of(crawl().values())}
    missing = {label.removeprefix("draft ") for label in words.labels.values() if label not in shown}
    # A reason for withdrawal is told of what is withdrawn.
    missing = {label for label in missing if "withdrawn_reason" not in label}
    assert sorted(missing) == sorted(NEVER_SHOWN)


# Texts are compared by the same Python on either database. Which rows they are of is a query, and that it
# gives no hidden one is shown on both where no page may change: searches are among those pages.
@pytest.mark.sqlite
def test_no_hidden_word_can_be_searched_for(site):
    words = Words()
    for state in HIDDEN_STATES:
        site.hide(state, words)
    client = Client()
    # Every text once, in one of the three states by turns.
    texts = {}
    for word, label in words.labels.items():
        texts.setdefault(label.partition(" ")[2], []).append(word)
    turns = [found[number % len(found)] for number, found in enumerate(texts.values())]
    for word in turns:
        assert client.get(f"/en/search/?q={word}").context["groups"] == []
    for word in [word for word in turns if words.labels[word].endswith(("name_en", "title", "publisher_zh"))]:
        for kind in FACET_VALUES:
            assert client.get(f"/zh-hans/{kind}/?q={word}").context["listing"].total == 0
        for kind in FACET_VALUES.keys() - {"sources"}:
            assert client.get(f"/en/{kind}.csv?q={word}").getvalue().decode().count("\n") == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("model", "folder"), FOLDERS.items(), ids=FOLDERS.values())
def test_drafts_are_not_there_and_withdrawn_records_are_gone_with_reason_and_day(
    site, language, model, folder
):
    words = Words()
    for state in HIDDEN_STATES:
        site.hide(state, words)
    client = Client()
    for state, status in [("draft", 404), ("in-review", 404), ("withdrawn", 410)]:
        row = model.objects.filter(state=state).order_by("pk").last()
        answer = client.get(f"/{language}/{folder}/{row.slug}/")
        text = answer.content.decode()
        assert answer.status_code == status
        shown = words_of([text]) - {row.slug}
        if status == 404:
            assert shown == set()
        else:
            ending = "zh" if language == "zh-hans" else "en"
            assert shown == {getattr(row, f"name_{ending}"), getattr(row, f"withdrawn_reason_{ending}")}
            assert ("2026年3月6日" if language == "zh-hans" else "6 March 2026") in text
            assert "987,654" not in text


def test_a_tombstone_offers_public_neighbours_alone(site):
    words = Words()
    for state in HIDDEN_STATES:
        site.hide(state, words)
    for folder, model, neighbours in [
        ("zones", Zone, ["public-zone", "second-zone"]),
        ("projects", Project, ["public-project", "loose-project"]),
    ]:
        gone = model.objects.withdrawn().get()
        answer = Client().get(f"/en/{folder}/{gone.slug}/")
        assert [row.slug for row in answer.context["alternatives"]] == neighbours


def test_sources_of_hidden_records_are_not_there(site):
    words = Words()
    for state in HIDDEN_STATES:
        site.hide(state, words)
    hidden = Source.objects.filter(kind="book")
    assert hidden.count() == 16 * len(HIDDEN_STATES)
    client = Client()
    for source in hidden:
        assert client.get(f"/en/sources/{source.slug}/").status_code == 404
    listing = client.get("/en/sources/").context["listing"]
    assert [source.slug for source in listing.page] == ["shared-source"]
    options = {
        facet.name: {option.value: option.count for option in facet.options} for facet in listing.facets
    }
    assert (options["kind"]["book"], options["reliability"]["B"]) == (0, 0)
    assert list(options["year"]) == ["2021", "not-stated"]
    sitemap = client.get("/sitemap.xml").content.decode()
    assert sorted(set(re.findall(r"/en/sources/([a-z0-9-]+)/", sitemap))) == ["shared-source"]


def test_a_claim_is_not_told_while_one_of_its_figures_is_hidden(site):
    client = Client()
    told = client.get("/en/").content.decode()
    Indicator.objects.filter(slug="public-indicator").update(state="draft")
    hidden = client.get("/en/").content.decode()
    assert "claim__number" in told
    assert "claim__number" not in hidden
    assert "1.5 billion" not in client.get("/en/business-environment/approvals/").content.decode()
