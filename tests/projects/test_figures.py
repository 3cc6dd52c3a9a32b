import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from projects.charts import ProjectFigures
from projects.models import Project
from records.dates import PartialDate
from tests.factories import make_aspect, make_city, make_industry, make_project, make_statement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    """Whatever language the test before has read its pages in."""
    with translation.override("en"):
        yield


TOTAL = Project.Basis.TOTAL


@pytest.fixture
def page(client):
    """The page, and what it counts."""

    def get():
        response = client.get(reverse("projects:figures"))
        assert response.status_code == 200
        return response

    return get


def counts(chart):
    return {bar.label: bar.number for bar in chart.bars}


def test_counts_are_those_of_the_lists_that_the_bars_lead_to(client):
    steel, city = make_industry(name_en="Steel"), make_city(name_en="Taiyuan")
    make_project(sector=steel, city=city, status_on=PartialDate("2021-03"))
    make_project(sector=steel, kind="bundle", status="operational")
    make_project(city=city, kind="programme")
    make_project(state="draft", sector=steel, city=city, status_on=PartialDate("2022"))
    figures = ProjectFigures()
    assert counts(figures.by_sector)["Steel"] == 2
    assert counts(figures.by_status) == {"Signed": 2, "Operational": 1}
    assert counts(figures.by_year) == {"2021": 1, "Not stated": 2}
    assert counts(figures.by_city) == {"Taiyuan": 2, "Not stated": 1}
    for chart in (figures.by_sector, figures.by_status, figures.by_year, figures.by_city):
        for bar in chart.bars:
            assert client.get(bar.url).context["listing"].total == bar.number


def test_counts_follow_a_row_that_changes(page):
    project = make_project(sector=make_industry(name_en="Steel"), investment_yuan=5, investment_basis=TOTAL)
    assert counts(page().context["figures"].by_status) == {"Signed": 1}
    project.status, project.investment_yuan = Project.Status.OPERATIONAL, 7
    project.save()
    figures = page().context["figures"]
    assert counts(figures.by_status) == {"Operational": 1}
    assert counts(figures.sums.by_sector) == {"Steel": 7}
    project.state = "in-review"
    project.save()
    assert "Nothing is on this site yet." in page().content.decode()


def test_sums_take_totals_and_phases_of_single_projects_only(page):
    steel = make_industry(name_en="Steel")
    for number, more in enumerate(
        [
            {"investment_basis": TOTAL},
            {"investment_basis": Project.Basis.PHASE},
            {"investment_basis": Project.Basis.SO_FAR},
            {"investment_basis": Project.Basis.ONE_YEAR},
            {"investment_basis": Project.Basis.BUNDLE, "kind": "bundle"},
            {"investment_basis": TOTAL, "kind": "programme"},
        ]
    ):
        make_project(sector=steel, investment_yuan=10**number, **more)
    make_project(sector=steel)
    make_project(sector=steel, investment_yuan=10**9, investment_basis=TOTAL, state="draft")
    response = page()
    sums = response.context["figures"].sums
    assert counts(sums.by_sector) == {"Steel": 11}
    assert counts(sums.by_city) == {"Not stated": 11}
    assert (sums.count, sums.uncounted, sums.otherwise_based, sums.without_sum, sums.phases) == (
        2,
        2,
        2,
        1,
        1,
    )
    text = " ".join(response.content.decode().split())
    assert "Sums of the 2 projects, of 5, whose total or phase is stated in yuan." in text
    assert "2 programmes and bundles of projects are left out" in text
    assert "1 project has no stated sum in yuan." in text
    assert "2 projects state only what was spent so far or is planned for one year" in text
    assert "1 sum is of one phase" in text
    assert "2 of 5 projects" in text


def test_bar_of_a_sum_leads_to_the_projects_it_is_of(client):
    city = make_city(name_en="Taiyuan")
    make_project(city=city, investment_yuan=5, investment_basis=TOTAL)
    make_project(city=city, kind="park")
    make_project(city=city, kind="bundle", investment_yuan=9, investment_basis=Project.Basis.BUNDLE)
    (bar,) = ProjectFigures().sums.by_city.bars
    listing = client.get(bar.url).context["listing"]
    assert not listing.errors
    assert listing.total == 2
    assert bar.note == "1 of 2 projects"


def test_sector_without_a_sum_is_not_stated_and_not_zero(page):
    make_project(sector=make_industry(name_en="Steel"))
    (bar,) = page().context["figures"].sums.by_sector.bars
    assert not bar.is_known
    assert (bar.value, bar.length) == ("", "0")


def test_hedged_sums_are_counted():
    project = make_project(investment_yuan=5, investment_basis=TOTAL)
    aspect = make_aspect(key="investment", unit="yuan", column="investment_yuan")
    make_statement(project, aspect=aspect, number=Decimal(5), approximation="about")
    assert ProjectFigures().sums.hedged == 1


def test_every_chart_says_what_it_is_counted_from_and_when(page):
    make_project(checked_on=datetime.date(2026, 3, 6), investment_yuan=5, investment_basis=TOTAL)
    make_project(checked_on=datetime.date(2026, 1, 2))
    text = page().content.decode()
    both, one = "Counted from 2 records", "Counted from 1 record of this site, last checked on 6 March 2026"
    assert (text.count(both), text.count(one)) == (4, 2)


def test_page_costs_the_same_number_of_queries_with_one_row_as_with_three(page):
    def queries():
        with CaptureQueriesContext(connection) as found:
            page()
        return len(found)

    make_project(city=make_city(), investment_yuan=5, investment_basis=TOTAL)
    queries()
    one = queries()
    make_project(city=make_city(), investment_yuan=5, investment_basis=TOTAL)
    make_project()
    assert queries() == one


def test_page_is_linked_from_the_list_the_home_page_and_the_sitemap(client):
    address = reverse("projects:figures")
    for page in ("projects:list", "home"):
        assert f'href="{address}"' in client.get(reverse(page)).content.decode()
    assert address in client.get("/sitemap.xml").content.decode()


def test_page_exists_in_chinese_too(client):
    make_project(investment_yuan=10**8, investment_basis=TOTAL)
    assert "1亿元" in client.get("/zh-hans/projects/in-figures/").content.decode()


def test_sums_may_be_larger_than_a_number_of_the_database():
    for _ in range(3):
        make_project(investment_yuan=2**63 - 1, investment_basis=TOTAL)
    (bar,) = ProjectFigures().sums.by_sector.bars[:1]
    assert bar.number == 2**63 - 1
    assert sum(counts(ProjectFigures().sums.by_city).values()) == 3 * (2**63 - 1)


def test_only_the_first_statement_that_is_adopted_hedges():
    aspect = make_aspect(key="investment", unit="yuan", column="investment_yuan")

    def project(*statements, **more):
        row = make_project(**({"investment_yuan": 5, "investment_basis": TOTAL} | more))
        for position, values in enumerate(statements):
            make_statement(row, aspect=aspect, position=position, **({"number": Decimal(5)} | values))

    about = {"approximation": "about"}
    project(about)
    project({}, about)
    project(about | {"adopted": False}, {})
    # One without a value is passed over.
    project({"number": None}, about)
    project(about, kind="bundle")
    project(about, investment_basis=Project.Basis.SO_FAR)
    project(about, state="draft")
    figures = ProjectFigures()
    firsts = [row.figure("investment").statement for row in Project.objects.published().for_list()]
    assert sum(bool(one.approximation) for one in firsts) == 4
    assert figures.sums.hedged == 2


def test_numbers_are_those_that_reading_every_record_gives():
    sectors, cities = [make_industry() for _ in range(3)], [make_city(), None]
    for number in range(60):
        make_project(
            sector=sectors[number % 3],
            city=cities[number % 2],
            kind=Project.Kind.values[number % 5],
            investment_yuan=10**number if number < 18 else None,
            investment_basis=Project.Basis.values[number % 6] if number < 30 else None,
            checked_on=datetime.date(2026, 1, 1 + number % 28) if number % 4 else None,
        )
    rows = list(Project.objects.published())
    countable = [row for row in rows if row.kind not in Project.UNCOUNTED]
    added = [row for row in countable if row.investment_yuan and row.investment_basis in ("total", "phase")]
    otherwise = [row for row in countable if row.investment_basis not in (None, "total", "phase")]
    figures, sums = ProjectFigures(), ProjectFigures().sums
    assert (figures.count, sums.count, sums.countable) == (60, len(added), len(countable))
    assert sums.otherwise_based == len(otherwise)
    assert sums.without_sum == len(countable) - len(added) - len(otherwise)
    assert sums.phases == sum(row.investment_basis == "phase" for row in added)
    assert figures.checked_on == max(row.checked_on for row in rows if row.checked_on)
    assert sums.checked_on == max(row.checked_on for row in added if row.checked_on)
    expected = {
        sector.name_en: sum(row.investment_yuan for row in added if row.sector == sector) or None
        for sector in sectors
    }
    assert counts(sums.by_sector) == expected
