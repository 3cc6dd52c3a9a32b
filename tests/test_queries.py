"""How many queries a page costs: as many for many rows as for one, each of them named."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from records.dates import PartialDate
from records.models import Aspect
from tests import factories as make

pytestmark = pytest.mark.django_db


class Rows:
    """Makes one more row of everything at a time, all in the same city."""

    def __init__(self):
        self.city = make.make_city(slug="taiyuan", name_en="Taiyuan")
        self.area = make.make_aspect(key="area", unit="km2", column="area_km2")
        self.investment = make.make_aspect(key="investment", unit="yuan")
        self.remark = make.make_aspect(key="remark", kind=Aspect.Kind.TEXT, group="remarks")
        self.price = make.make_aspect(key="price", unit="")
        self.working_days = make.make_aspect(key="working-days", unit="working-days")
        self.question = make.make_path_question(slug="build")
        self.answer = make.make_path_answer(self.question, slug="new")
        self.reform = None
        self.number = 0

    def say(self, row, aspect, **value):
        """Two sources state it, one is adopted."""
        make.make_statement(row, aspect=aspect, **value)
        make.make_statement(row, aspect=aspect, adopted=False, **value)

    def add(self):
        self.number += 1
        slug = f"row-{self.number}"
        zone = make.make_zone(
            slug=slug, city=self.city, industries=[make.make_industry(), make.make_industry()]
        )
        self.say(zone, self.area, number=5)
        self.say(zone, self.remark)
        make.make_park(zone, record=make.make_zone(city=self.city))
        make.make_zone_relation(zone, make.make_zone(city=self.city))
        project = make.make_project(slug=slug, zone=zone, city=self.city, status_on=PartialDate("2021-03"))
        make.make_milestone(project)
        self.say(project, self.investment, number=5 * 10**8)
        region = make.make_region(cities=[self.city], slug=slug)
        self.say(region, make.make_aspect(key=f"advantage-{self.number}", kind=Aspect.Kind.TEXT))
        value = self.add_figures(slug, zone)
        self.add_procedures(slug)
        self.add_reform(zone, value)

    def add_figures(self, slug, zone):
        """An indicator, a policy, a cost and a link of the city; gives the indicator's value."""
        where = {"slug": slug, "cities": [self.city, make.make_city()]}
        value = make.make_indicator(**where, values=[{"home_order": self.number}]).values.get()
        self.say(value, self.price, number=3)
        self.say(make.make_policy(**where, zones=[zone]), self.remark)
        self.say(make.make_cost(**where), self.price, number=3)
        link = make.make_transport_link(**where, from_city=self.city, to_city=make.make_city())
        self.say(link, self.area, number=3)
        return value

    def add_reform(self, zone, value):
        """The site shows one reform: it grows, by a case about the city and the zone among others."""
        if self.reform is None:
            self.reform = make.make_reform(claim_before=value, claim_after=value, parts=False)
        account = make.make_reform_account(self.reform)
        event = self.reform.events.create(date=PartialDate("2017-07"), text_en="It began.", text_zh="启动。")
        text = self.reform.legal_texts.create(title_en="Measures", title_zh="办法")
        case = self.reform.cases.create(kind="case", text_en="A company says so.", text_zh="一家企业如是说。")
        case.cities.add(self.city)
        case.zones.add(zone)
        for part in (self.reform, account, event, text, case):
            self.say(part, make.make_aspect(kind=Aspect.Kind.TEXT))

    def add_procedures(self, slug):
        """A step of a project that two old ones became, and one that comes before it."""
        first, after = (
            make.make_procedure(era="after", slug=f"{name}-{slug}") for name in ("first", "after")
        )
        for step in (first, after):
            self.say(step, self.working_days, number=3)
            rule = make.make_procedure_rule(step, self.answer)
            self.say(rule, make.make_aspect(kind=Aspect.Kind.CITATION))
        self.say(make.make_prerequisite(after, first), make.make_aspect(kind=Aspect.Kind.CITATION))
        for _time in range(2):
            self.say(make.make_procedure(became=after), self.remark)


def queries_of(address):
    client = Client()
    client.get(address)  # What is looked up once in a process has been looked up.
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


# address: the number of queries; each is named. Every record says of itself which of its texts are older than
# their translation, and what has changed in it: one query each, wherever they stand among the others
PAGES = {
    # 1 chosen values with indicator; 2 their statements; 3 reform with claim; 4 5 6 statements, sources and
    # aspects of the figure before; 7 8 9 of the figure after; 10 zones by city; 11 by industry; 12 number of
    # projects; 13 by city; 14 cities that they are counted by; 15 by sector; 16 sectors that they are counted
    # by; 17 cities; 18 industries; 19 latest projects; 20 their statements
    "/en/": 20,
    # 1 cities to choose from; 2 industries; 3 number of zones; 4 counts by city; 5 by level; 6 by type; 7
    # by industry; 8 zones with city; 9 their industries; 10 their statements
    "/en/zones/": 10,
    # 1 cities to choose from; 2 industries; 3 texts of all zones, to find the words in; 4 zones found, in
    # their order; 5 counts by city; 6 by level; 7 by type; 8 by industry; 9 zones with city; 10 their
    # industries; 11 their statements
    "/en/zones/?city=taiyuan&q=zone": 11,
    # 1 to 8 the same, with nothing to fetch; 9 10 what each of two removals would give
    "/en/zones/?city=taiyuan&q=nothing": 10,
    # 1 zone with city and upper zone; 2 its industries; 3 other cities; 4 statements; 5 cities for the map; 6
    # number of projects; 7 projects; 8 their statements; 9 reforms; 10 cases; 11 their cities; 12 their
    # zones; 13 their statements; 14 policies; 15 their cities; 16 their zones; 17 transport links; 18 their
    # statements; 19 costs; 20 their statements; 21 zones within it; 22 parks; 23 relations; 24 zones that
    # have projects
    # 25 26 what every record says of itself
    "/en/zones/row-1/": 26,
    # 1 cities to choose from; 2 industries; 3 zones; 4 years; 5 number of projects; 6 counts by city; 7 by
    # sector; 8 by status; 9 by zone; 10 by kind; 11 by investment; 12 by year; 13 projects with city, zone
    # and sector; 14 their statements
    "/en/projects/": 14,
    # 1 project with city, zone and sector; 2 other cities; 3 milestones; 4 statements; 5 cities for the map;
    # 6 other cities of its zone; 7 reforms; 8 policies; 9 their cities; 10 their zones; 11 related projects
    # 12 13 what every record says of itself
    "/en/projects/row-1/": 13,
    # 1 years to choose from; 2 number of sources; 3 counts by kind; 4 by reliability; 5 by year; 6 sources
    "/en/sources/": 6,
    # 1 number of zones by city; 2 of projects; 3 cities that they are counted by; 4 indicators by city; 5
    # cities
    "/en/cities/": 5,
    # 1 city; 2 its statements; 3 levels of its zones; 4 cities for the map; 5 zones; 6 their industries; 7
    # their statements; 8 number of projects; 9 projects; 10 their statements; 11 indicators; 12 values; 13
    # their statements; 14 reforms; 15 cases; 16 their cities; 17 their zones; 18 their statements; 19
    # policies; 20 their cities; 21 their zones; 22 transport links; 23 their statements; 24 costs; 25 their
    # statements; 26 regions; 27 cities that projects may be filtered by
    "/en/cities/taiyuan/": 27,
    # 1 2 3 4 counts by city, as above; 5 regions; 6 their cities; 7 their statements
    "/en/regions/": 7,
    # 1 region; 2 its cities; 3 statements; 4 to 27 what lies in the cities, as for a city, without regions
    # 28 29 what every record says of itself
    "/en/regions/row-1/": 29,
    # 1 reform with claim; 2 to 7 statements, sources and aspects of its two figures; 8 values for the picture
    # of growth (there are none here); 9 number of accounts; 10 of procedures; 11 of steps of the permit path;
    # 12 of indicators; 13 of values; 14 of policies; 15 of costs; 16 of transport links
    "/en/business-environment/": 16,
    # 1 to 7 the claim, as above; 8 statements of the reform; 9 accounts; 10 11 12 their statements, sources
    # and aspects; 13 events; 14 15 16 theirs; 17 legal texts; 18 19 20 theirs; 21 cases; 22 23 24 theirs; 25
    # parts of accounts; 26 cities of the cases; 27 their zones; 28 procedures; 29 their statements
    # 30 31 what every record says of itself
    "/en/business-environment/approvals/": 31,
    # 1 number of procedures; 2 procedures; 3 their statements; 4 numbers before and after; 5 counts by era; 6
    # by stage; 7 by fate; 8 by scope
    "/en/business-environment/approvals/ledger/": 8,
    # 1 procedure with what it became; 2 those that became it; 3 rules; 4 their statements; 5 their answers; 6
    # the questions; 7 what it needs; 8 statements on that; 9 what needs it (nothing here); 10 its own
    # statements
    # 11 12 what every record says of itself
    "/en/business-environment/approvals/after-row-1/": 12,
    # 1 questions; 2 answers
    "/en/business-environment/permit-path/": 2,
    # 1 questions; 2 answers; 3 procedures; 4 their statements; 5 rules; 6 their statements; 7 their answers;
    # 8 prerequisites; 9 their statements
    "/en/business-environment/permit-path/?build=new": 9,
    # The same.
    "/en/business-environment/permit-path/?build=new&start=2026-03-02": 9,
    "/en/business-environment/permit-path.csv?build=new": 9,
    "/en/business-environment/permit-path.ics?build=new&start=2026-03-02": 9,
    # 1 cities to choose from; 2 years; 3 number of values; 4 values with indicator; 5 their statements; 6 all
    # values of the indicators; 7 counts by topic; 8 by city; 9 by province and nation; 10 by year
    "/en/business-environment/indicators/": 10,
    # 1 indicator; 2 its cities; 3 statements; 4 values; 5 their statements
    # 6 7 what every record says of itself
    "/en/business-environment/indicators/row-1/": 7,
    # 1 cities to choose from; 2 years; 3 number of policies; 4 counts by validity; 5 by topic; 6 by place; 7
    # by year; 8 policies; 9 their cities; 10 their zones; 11 their statements
    "/en/business-environment/policies/": 11,
    # 1 policy; 2 its cities; 3 zones; 4 statements
    # 5 6 what every record says of itself
    "/en/business-environment/policies/row-1/": 6,
    # 1 cities to choose from; 2 units; 3 number of costs; 4 costs; 5 their statements; 6 counts by item; 7 by
    # city; 8 by province and nation; 9 by unit
    "/en/business-environment/costs/": 9,
    # 1 cost; 2 its cities; 3 statements
    # 4 5 what every record says of itself
    "/en/business-environment/costs/row-1/": 5,
    # 1 cities to choose from; 2 number of links; 3 counts by kind; 4 by city; 5 of the province; 6 by
    # standing; 7 links with their ends; 8 their cities; 9 statements
    "/en/business-environment/transport/": 9,
    # 1 link with its ends; 2 its cities; 3 statements; 4 cities for the map
    # 5 6 what every record says of itself
    "/en/business-environment/transport/row-1/": 6,
    # For each of the ten kinds of record the texts, and for each of those that have matches (zones, projects,
    # cities) the best few
    "/en/search/?q=taiyuan": 13,
    # 1 to 10 texts of the ten kinds; 11 to 20 the same for words spelt nearly so; 21 names of cities; 22 of
    # counties; 23 of industries
    "/en/search/?q=nothing": 23,
    # 1 the figure of the province, with indicator (there is none here); 2 number of sources
    "/en/about/": 2,
    # Of zones, projects, cities, regions, procedures, indicators, policies, costs, transport links and
    # sources the number and the addresses
    "/sitemap.xml": 20,
}


@pytest.fixture
def rows():
    rows = Rows()
    rows.add()
    return rows


@pytest.mark.parametrize(("address", "number"), PAGES.items())
def test_a_page_costs_as_many_queries_for_three_rows_as_for_one(rows, address, number):
    one = queries_of(address)
    rows.add(), rows.add()
    three = queries_of(address)
    assert (len(one), len(three)) == (number, number), "\n".join(three)
