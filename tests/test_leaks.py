"""Nothing that is not published shows anywhere: not a word, not a count, not a byte.

Hidden records of every kind are put beside public ones, tied to them in every way there is. Each of their
texts is a word that stands nowhere else. Then the whole public site is read, and must be the same as before.
"""

import re
from dataclasses import dataclass, field
from html import unescape

import pytest
from django.db import models
from django.test import Client

from business_environment.models import (
    AccountPart,
    Cost,
    Indicator,
    IndicatorValue,
    LegalText,
    Policy,
    Procedure,
    Reform,
    ReformAccount,
    ReformCase,
    ReformEvent,
    TransportLink,
)
from projects.models import Milestone, Project
from records.dates import PartialDate
from records.fields import PartialDateField
from records.models import Aspect, Source, Statement, record_models
from tests import factories as make
from zones.models import Park, Region, Zone, ZoneRelation

pytestmark = pytest.mark.django_db

HIDDEN_STATES = ("draft", "in-review", "withdrawn")
WORD = re.compile(r"zq\d{5}")

FACET_VALUES = {
    "zones": {
        "city": ["shared-city"],
        "level": ["national", "provincial", "not-stated"],
        "type": ["economic", "high-tech"],
        "industry": ["shared-industry", "not-stated"],
    },
    "projects": {
        "city": ["shared-city", "not-stated"],
        "sector": ["shared-industry"],
        "status": ["signed", "operational"],
        "zone": ["public-zone", "not-stated"],
        "kind": ["project"],
        "investment": ["100m-500m", "not-stated"],
        "year": ["2021", "not-stated"],
    },
    "sources": {
        "kind": ["media"],
        "reliability": ["A", "not-stated"],
        "year": ["2021", "not-stated"],
    },
}


@dataclass
class Words:
    """Hands out words that stand nowhere else, and remembers what each is of."""

    labels: dict = field(default_factory=dict)

    def new(self, label):
        word = f"zq{len(self.labels):05d}"
        self.labels[word] = label
        return word

    def fill(self, model, label):
        """A word for every text of a model, fit for its kind of field."""
        values = {}
        for item in model._meta.fields:
            if not isinstance(item, models.CharField | models.TextField) or item.choices:
                continue
            if isinstance(item, PartialDateField) or item.name == "choice":
                continue
            word = self.new(f"{label} {model._meta.model_name}.{item.name}")
            if isinstance(item, models.URLField):
                word = f"https://{word}.example/"
            elif isinstance(item, models.EmailField):
                word = f"{word}@desk.example"
            values[item.name] = word
        return values


@dataclass
class Site:
    """The public half: one record of each kind, and what hidden ones can be tied to."""

    def __post_init__(self):
        self.city = make.make_city(slug="shared-city")
        self.industry = make.make_industry(slug="shared-industry")
        self.remark = make.make_aspect(
            key="remark", kind=Aspect.Kind.TEXT, group="remarks", label_en="Remark"
        )
        self.area = make.make_aspect(key="area", unit="km2", label_en="Area")
        self.source = make.make_source(slug="shared-source", title="Shared source")
        place = {"city": self.city}
        self.zone = make.make_zone(slug="public-zone", level="national", industries=[self.industry], **place)
        self.second = make.make_zone(slug="second-zone", **place)
        self.park = make.make_park(self.zone)
        self.project = make.make_project(
            slug="public-project",
            sector=self.industry,
            status_on=PartialDate("2021-03"),
            investment_yuan=3 * 10**8,
            investment_basis="total",
            zone=self.zone,
            **place,
        )
        self.loose = make.make_project(slug="loose-project", sector=self.industry, **place)
        self.region = make.make_region(slug="public-region", cities=[self.city])
        self.indicator = make.make_indicator(
            slug="public-indicator", cities=[self.city], values=[{"home_order": 1}]
        )
        value = self.indicator.values.get()
        self.reform = make.make_reform(slug="public-reform", claim_before=value, claim_after=value)
        self.procedure = make.make_procedure(slug="public-procedure")
        self.policy = make.make_policy(slug="public-policy", cities=[self.city])
        self.cost = make.make_cost(slug="public-cost", cities=[self.city])
        self.link = make.make_transport_link(slug="public-link", cities=[self.city])
        for row in (
            self.zone,
            self.project,
            self.region,
            value,
            self.procedure,
            self.policy,
            self.cost,
            self.link,
        ):
            make.make_statement(row, aspect=self.remark, source=self.source, text_en="Said in public")

    def hide(self, state, words):
        """A record of every kind in a state, with words of its own and tied to the public ones."""
        fill = lambda model: words.fill(model, state)  # noqa: E731
        place = {"state": state, "city": self.city}
        rows = []

        zone = make.make_zone(
            **fill(Zone),
            **place,
            part_of=self.zone,
            level="national",
            level_guess="provincial",
            area_km2=5,
            industries=[self.industry],
            established=PartialDate("1987"),
        )
        make.make_park(zone, **fill(Park))
        make.make_zone_relation(zone, self.zone, **fill(ZoneRelation))
        make.make_zone_relation(self.zone, zone, **fill(ZoneRelation))
        Zone.objects.filter(pk=self.second.pk).update(part_of=zone)
        Park.objects.filter(pk=self.park.pk).update(record=zone)
        Project.objects.filter(pk=self.loose.pk).update(zone=zone)

        project = make.make_project(
            **fill(Project),
            **place,
            zone=self.zone,
            sector=self.industry,
            related=[self.project, self.loose],
            status_on=PartialDate("1987"),
            investment_yuan=4 * 10**8,
            investment_basis="total",
        )
        make.make_milestone(project, **fill(Milestone))

        value = {
            **fill(IndicatorValue),
            "home_order": 2,
            "comparison": "national-average",
            "comparison_number": 5,
            "comparison_unit": "percent",
        }
        indicator = make.make_indicator(**fill(Indicator), state=state, cities=[self.city], values=[value])
        reform = make.make_reform(
            **fill(Reform),
            state=state,
            parts=False,
            claim_before=indicator.values.get(),
            claim_after=indicator.values.get(),
        )
        account = make.make_reform_account(reform, **fill(ReformAccount))
        AccountPart.objects.create(account=account, **fill(AccountPart))
        rows += [
            zone,
            project,
            make.make_region(**fill(Region), state=state, cities=[self.city]),
            indicator.values.get(),
            reform,
            account,
            ReformEvent.objects.create(reform=reform, date=PartialDate("1987"), **fill(ReformEvent)),
            LegalText.objects.create(reform=reform, **fill(LegalText)),
            ReformCase.objects.create(reform=reform, kind="case", **fill(ReformCase)),
            make.make_policy(**fill(Policy), state=state, cities=[self.city]),
            make.make_cost(**fill(Cost), state=state, cities=[self.city]),
            make.make_transport_link(**fill(TransportLink), state=state, cities=[self.city]),
        ]
        after = make.make_procedure(**fill(Procedure), state=state, era="after")
        rows += [after, make.make_procedure(**fill(Procedure), state=state, became=after)]
        Procedure.objects.filter(pk=self.procedure.pk).update(became=after)

        for row in rows:
            own = make.make_source(**fill(Source), date=PartialDate("1986"), kind="book", reliability="B")
            make.make_statement(row, aspect=self.remark, source=own, **fill(Statement), as_stated_lang="en")
            number = {**fill(Statement), "as_stated_lang": "en", "number": 987654}
            make.make_statement(row, aspect=self.area, source=self.source, **number)


def seeds():
    """Where a reader, a machine or a guesser begins."""
    for language in ("en", "zh-hans"):
        yield f"/{language}/"
        yield f"/{language}/search/?q=public"
        for kind, facets in FACET_VALUES.items():
            yield f"/{language}/{kind}/"
            if kind != "sources":
                yield f"/{language}/{kind}.csv"
            for name, values in facets.items():
                for value in values:
                    yield f"/{language}/{kind}/?{name}={value}"
                    if kind != "sources":
                        yield f"/{language}/{kind}.csv?{name}={value}"
    yield from ("/sitemap.xml", "/robots.txt", "/healthz")


def crawl():
    """address -> text of every public page, file and list that links lead to."""
    client, texts, waiting = Client(), {}, list(seeds())
    while waiting:
        address = waiting.pop()
        if address in texts:
            continue
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        texts[address] = text = answer.getvalue().decode()
        links = re.findall(r'<loc>http://testserver([^<]+)|href="(/(?:en|zh-hans)/[^"#]*)', text)
        # A filtered list offers the same sorts and chips as every other: those of whole lists are enough.
        found = {unescape(link or loc) for loc, link in links}
        # A fact sheet is a file to print, of what its page says; drafts have none, by a test of its own.
        found = {link for link in found if not link.endswith("/fact-sheet/")}
        waiting += [link for link in found if "?" not in link or ("?" not in address and "&" not in link)]
        assert len(texts) < 1000
    return texts


def words_of(texts):
    return {word for text in texts for word in WORD.findall(text)}


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
    assert len(before) > 120
    words = Words()
    for state in HIDDEN_STATES:
        site.hide(state, words)
    after = crawl()
    assert sorted(after) == sorted(before)
    assert [address for address in before if before[address] != after[address]] == []
    assert words_of(after.values()) == set()


# Texts that no page, list or file shows, whatever the state of their record: some can be searched for, some
# are for staff alone.
NEVER_SHOWN = {
    "cost.summary_en",
    "cost.summary_zh",
    "indicator.summary_en",
    "indicator.summary_zh",
    "park.nbs_code",
    "policy.summary_en",
    "policy.summary_zh",
    "procedure.summary_en",
    "procedure.summary_zh",
    "reform.slug",
    "statement.locator",
    "transportlink.from_en",
    "transportlink.from_zh",
    "transportlink.to_en",
    "transportlink.to_zh",
    "zone.catalogue_code",
    "zone.website",
}


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
        for kind in ("zones", "projects", "sources"):
            assert client.get(f"/zh-hans/{kind}/?q={word}").context["listing"].total == 0
        for kind in ("zones", "projects"):
            assert client.get(f"/en/{kind}.csv?q={word}").getvalue().decode().count("\n") == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("model", "folder"), [(Zone, "zones"), (Project, "projects"), (Region, "regions")])
def test_drafts_are_not_there_and_withdrawn_records_are_gone_with_reason_and_day(
    site, language, model, folder
):
    words = Words()
    for state in HIDDEN_STATES:
        site.hide(state, words)
    client = Client()
    for state, status in [("draft", 404), ("in-review", 404), ("withdrawn", 410)]:
        row = model.objects.get(state=state)
        answer = client.get(f"/{language}/{folder}/{row.slug}/")
        text = answer.content.decode()
        assert answer.status_code == status
        shown = words_of([text]) - {row.slug}
        if status == 404:
            assert shown == set()
        else:
            ending = "zh" if language == "zh-hans" else "en"
            assert shown == {getattr(row, f"name_{ending}"), getattr(row, f"withdrawn_reason_{ending}")}
            assert ("2026年3月6日" if language == "zh-hans" else "March 6, 2026") in text
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
    assert hidden.count() == 14 * len(HIDDEN_STATES)
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
