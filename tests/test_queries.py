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
        self.reform = None
        self.number = 0

    def say(self, row, aspect, **value):
        """Two sources state it, one is adopted."""
        make.make_statement(row, aspect=aspect, **value)
        make.make_statement(row, aspect=aspect, adopted=False, **value)

    def add(self):
        self.number += 1
        slug = f"row-{self.number}"
        cities = {"cities": [self.city, make.make_city()]}
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
        indicator = make.make_indicator(**cities, values=[{"home_order": self.number}])
        self.say(indicator.values.get(), self.price, number=3)
        self.say(make.make_policy(**cities), self.remark)
        self.say(make.make_cost(**cities), self.price, number=3)
        self.say(make.make_transport_link(**cities), self.area, number=3)
        after = make.make_procedure(era="after")
        self.say(make.make_procedure(became=after), self.remark)
        if self.reform is None:
            value = indicator.values.get()
            self.reform = make.make_reform(claim_before=value, claim_after=value, parts=False)
        # The site shows one reform: it grows.
        account = make.make_reform_account(self.reform)
        event = self.reform.events.create(date=PartialDate("2017-07"), text_en="It began.", text_zh="启动。")
        text = self.reform.legal_texts.create(title_en="Measures", title_zh="办法")
        case = self.reform.cases.create(kind="case", text_en="A company says so.", text_zh="一家企业如是说。")
        for part in (self.reform, account, event, text, case):
            self.say(part, make.make_aspect(kind=Aspect.Kind.TEXT))
        region = make.make_region(cities=[self.city], slug=slug)
        self.say(region, make.make_aspect(key=f"advantage-{self.number}", kind=Aspect.Kind.TEXT))


def queries_of(address):
    client = Client()
    client.get(address)  # What is looked up once in a process has been looked up.
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


# address: the number of queries; each is named
PAGES = {
    # 1 chosen values with indicator; 2 their statements; 3 reform with claim; 4 5 6 statements, sources and
    # aspects of the figure before; 7 8 9 of the figure after; 10 number of zones; 11 of projects; 12 cities
    # with counts; 13 industries with counts; 14 latest projects; 15 their statements
    "/en/": 15,
    # 1 cities to choose from; 2 industries; 3 number of zones; 4 counts by city; 5 by level; 6 by type; 7
    # by industry; 8 zones with city; 9 their industries; 10 their statements
    "/en/zones/": 10,
    # The same.
    "/en/zones/?city=taiyuan&q=zone": 10,
    # 1 to 7 the same, with nothing to fetch; 8 9 what each of two removals would give
    "/en/zones/?city=taiyuan&q=nothing": 9,
    # 1 zone with city and upper zone; 2 its industries; 3 other cities; 4 statements; 5 number of projects;
    # 6 projects; 7 their statements; 8 zones within it; 9 parks; 10 relations; 11 cities for the map
    "/en/zones/row-1/": 11,
    # 1 cities to choose from; 2 industries; 3 zones; 4 years; 5 number of projects; 6 counts by city; 7 by
    # sector; 8 by status; 9 by zone; 10 by kind; 11 by investment; 12 by year; 13 projects with city, zone
    # and sector; 14 their statements
    "/en/projects/": 14,
    # 1 project with city, zone and sector; 2 other cities; 3 milestones; 4 statements; 5 related projects; 6
    # cities for the map
    "/en/projects/row-1/": 6,
    # 1 years to choose from; 2 number of sources; 3 counts by kind; 4 by reliability; 5 by year; 6 sources
    "/en/sources/": 6,
    # 1 city; 2 its statements; 3 levels of its zones; 4 number of projects; 5 zones; 6 their industries; 7
    # their statements; 8 projects; 9 their statements; 10 indicators; 11 values; 12 13 14 statements,
    # sources and aspects of the values; 15 costs; 16 their statements; 17 policies; 18 their statements; 19
    # transport links; 20 their statements; 21 regions; 22 cities for the map
    "/en/cities/taiyuan/": 22,
    # 1 region; 2 its cities; 3 statements; 4 to 21 what lies in the cities, as for a city; 22 cities for the
    # map
    "/en/regions/row-1/": 22,
    # 1 reform with claim; 2 to 7 statements, sources and aspects of its two figures; 8 number of
    # procedures; 9 of indicators; 10 of policies; 11 of costs; 12 of transport links; 13
    # values for the picture of growth (there are none here)
    "/en/business-environment/": 13,
    # 1 to 7 the claim, as above; 8 statements of the reform; 9 accounts; 10 11 12 their statements, sources
    # and aspects; 13 events; 14 15 16 theirs; 17 legal texts; 18 19 20 theirs; 21 cases; 22 23 24 theirs;
    # 25 parts of accounts; 26 procedures with what they became; 27 their statements
    "/en/business-environment/approvals/": 27,
    # 1 indicators; 2 values; 3 4 5 statements, sources and aspects of the values; 6 values for the picture of
    # growth (there are none here)
    "/en/business-environment/indicators/": 6,
    # 1 policies; 2 their cities; 3 their statements
    "/en/business-environment/policies/": 3,
    # 1 costs; 2 their cities; 3 their statements
    "/en/business-environment/costs/": 3,
    # 1 transport links; 2 their cities; 3 their statements
    "/en/business-environment/transport/": 3,
    # For each of the ten kinds of record one query to count what matches, and for each of the six that have
    # matches (zones, projects, cities, indicators, costs, transport links) one to fetch the first few
    "/en/search/?q=a": 16,
    # 1 the figure of the province, with indicator (there is none here); 2 number of sources
    "/en/about/": 2,
    # 1 zones; 2 projects; 3 cities; 4 regions; 5 sources
    "/sitemap.xml": 5,
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
