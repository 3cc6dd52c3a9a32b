"""A site half public and half hidden, and a reader of all that the public half shows.

Each text of a hidden record is a word that stands nowhere else, so that one look finds it wherever it leaks.
"""

import datetime
import re
from dataclasses import dataclass, field
from html import unescape

from django.db import models

from business_environment.models import (
    AccountPart,
    Cost,
    Indicator,
    IndicatorValue,
    LegalText,
    Policy,
    Prerequisite,
    Procedure,
    ProcedureRule,
    Reform,
    ReformAccount,
    ReformCase,
    ReformEvent,
    TransportLink,
)
from projects.models import Milestone, Project
from records.dates import PartialDate
from records.fields import PartialDateField
from records.models import Aspect, Source, Statement
from tests import factories as make
from tests.crawling import Reader
from zones.models import Park, Region, Zone, ZoneRelation

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
    "business-environment/approvals/ledger": {
        "era": ["before", "after"],
        "stage": ["land-and-planning", "completion"],
        "fate": ["kept", "none"],
        "scope": ["shanxi", "shanghai"],
    },
    "business-environment/indicators": {
        "topic": ["investment", "energy"],
        "place": ["shared-city", "province", "nation"],
        "year": ["2020"],
    },
    "business-environment/policies": {
        "validity": ["in-force", "end-not-stated", "not-yet", "lapsed"],
        "topic": ["foreign-investment", "environment"],
        "place": ["shared-city", "province"],
        "year": ["2021", "not-stated"],
        "in_force_on": ["1990-01-01", "2022-01-01"],
    },
    "business-environment/costs": {
        "item": ["electricity", "labour"],
        "place": ["shared-city", "province", "nation"],
        "unit": ["yuan-per-kwh", "not-stated"],
    },
    "business-environment/transport": {
        "kind": ["rail", "air"],
        "place": ["shared-city", "province"],
        "standing": ["result", "goal"],
    },
}
PERMIT_PATHS = ("/?build=new-building", ".csv?build=new-building", ".ics?build=new-building&start=2026-03-02")


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
        case = self.reform.cases.get()
        case.zones.add(self.zone)
        case.cities.add(self.city)
        self.procedure = make.make_procedure(slug="public-procedure")
        self.answer = make.make_path_answer(make.make_path_question(slug="build"), slug="new-building")
        self.step = make.make_procedure(slug="public-step", era="after")
        make.make_procedure_rule(self.step, self.answer)
        self.policy = make.make_policy(slug="public-policy", cities=[self.city])
        self.cost = make.make_cost(slug="public-cost", cities=[self.city])
        self.other_city = make.make_city(slug="other-city", longitude="113.10")
        self.ends = {"from_city": self.city, "to_city": self.other_city}
        self.link = make.make_transport_link(slug="public-link", cities=[self.city], **self.ends)
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
            "period": PartialDate("1987"),
            "home_order": 2,
            "comparison": "national-average",
            "comparison_number": 5,
            "comparison_unit": "percent",
        }
        cities = {"state": state, "cities": [self.city]}
        indicator = make.make_indicator(**fill(Indicator), **cities, topic="energy", values=[value])
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
            make.make_region(**fill(Region), **cities),
            indicator.values.get(),
            reform,
            account,
            ReformEvent.objects.create(reform=reform, date=PartialDate("1987"), **fill(ReformEvent)),
            LegalText.objects.create(reform=reform, **fill(LegalText)),
            ReformCase.objects.create(reform=reform, kind="case", **fill(ReformCase)),
            make.make_policy(
                **fill(Policy), **cities, date=PartialDate("1987"), valid_until=PartialDate("1999")
            ),
            make.make_cost(**fill(Cost), **cities, item="labour", unit="percent"),
            make.make_transport_link(**fill(TransportLink), **cities, **self.ends, kind="air"),
        ]
        elsewhere = {"stage": "completion", "scope": "shanghai", "certified_on": datetime.date(1987, 6, 5)}
        after = make.make_procedure(**fill(Procedure), state=state, era="after", **elsewhere)
        before = make.make_procedure(**fill(Procedure), state=state, became=after)
        rows += [
            after,
            before,
            make.make_procedure_rule(after, self.answer, **fill(ProcedureRule)),
            make.make_prerequisite(after, self.step, **fill(Prerequisite)),
        ]
        # What is public waits for what is hidden, and is for a zone that is hidden.
        make.make_prerequisite(self.step, before)
        Procedure.objects.filter(pk=self.procedure.pk).update(became=after)
        self.policy.zones.add(zone)
        self.reform.cases.get().zones.add(zone)
        own = reform.cases.get()
        own.zones.add(zone, self.zone)
        own.cities.add(self.city)

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
        yield from (f"/{language}/business-environment/permit-path{path}" for path in PERMIT_PATHS)
        yield from (f"/{language}/{places}/" for places in ("cities", "regions"))
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
    client, texts, waiting = Reader(), {}, list(seeds())
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
        assert len(texts) < 1500
    return texts


def words_of(texts):
    return {word for text in texts for word in WORD.findall(text)}
