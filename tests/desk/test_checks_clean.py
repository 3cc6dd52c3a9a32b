"""A set of records made by hand in which nothing is wrong: no check may find anything in it.

It has much that looks like a mistake and is none: namesakes in two cities, a rate that rises thirtyfold, a
month beside a year, a part of which the whole is only developed so far, milestones of several phases.
"""

from decimal import Decimal

import pytest
from django.core.management import call_command

from desk import findings
from desk.checks import CHECKS
from desk.models import Finding
from records.dates import PartialDate
from records.models import record_models
from tests.checking import found, state
from tests.factories import (
    make_city,
    make_cost,
    make_indicator,
    make_milestone,
    make_park,
    make_policy,
    make_procedure,
    make_project,
    make_reform,
    make_region,
    make_source,
    make_transport_link,
    make_zone,
    make_zone_relation,
)

pytestmark = pytest.mark.django_db


def zone(city, name, level="provincial", area=None, kind="planned", part_of=None, inside=None, **values):
    """A zone with a level, perhaps dates and areas, and the statements that bear them out."""
    if area:
        values |= {"area_km2": Decimal(area), "area_kind": kind}
    made = make_zone(city=city, name_zh=name, level=level, part_of=part_of, **values)
    state(made, "level", choice=level)
    for key in ("established", "upgraded"):
        if values.get(key):
            state(made, key, date=values[key])
    if area:
        state(made, "area", number=Decimal(area))
    if inside:
        state(made, "area-inside", number=Decimal(inside), part_en="chemical park", part_zh="化工园区")
    return made


def project(*milestones, status="signed", on="2022-03", yuan=None, **values):
    """A project with its status and sum borne out, and milestones of (kind, date, phase)."""
    if yuan:
        values |= {"investment_yuan": yuan, "investment_basis": "total"}
    made = make_project(status=status, status_on=PartialDate(on), **values)
    state(made, "status", choice=status)
    if yuan:
        state(made, "investment", number=Decimal(yuan))
    for kind, day, *phase in milestones:
        words = {"phase_en": phase[0], "phase_zh": phase[0]} if phase else {}
        make_milestone(made, kind=kind, date=PartialDate(day), **words)
    return made


def series(unit, *values):
    rows = [{"period": PartialDate(period), "number": Decimal(number)} for period, number in values]
    indicator = make_indicator(unit=unit, values=rows)
    for value in indicator.values.all():
        state(value, "whole")
    return indicator


def make_zones():
    taiyuan = make_city(slug="taiyuan", name_zh="太原市")
    changzhi = make_city(
        slug="changzhi", name_zh="长治市", latitude=Decimal("36.19"), longitude=Decimal("113.11")
    )
    shuozhou = make_city(
        slug="shuozhou", name_zh="朔州市", latitude=Decimal("39.33"), longitude=Decimal("112.43")
    )
    yuncheng = make_city(slug="yuncheng", name_zh="运城市", latitude=None, longitude=None)
    at = {"latitude": Decimal("37.82"), "longitude": Decimal("112.56"), "coordinates_of": "county"}
    dates = {"established": PartialDate("1992"), "upgraded": PartialDate("1992-11")}
    whole = zone(taiyuan, "山西转型综合改革示范区", "national", "600", type="reform-demonstration", **at)
    zone(taiyuan, "太原经济技术开发区", "national", "9.6", part_of=whole, nbs_code="140171401", **dates)
    zone(taiyuan, "太原高新技术产业开发区", "national", "8", part_of=whole, type="high-tech")
    zone(
        taiyuan, "太原武宿综合保税区", "national", "2.97", part_of=whole, type="bonded", nbs_code="140171406"
    )
    zone(taiyuan, "太原东经济开发区", area="10", kind="developed", inside="12")
    zone(
        shuozhou,
        "平鲁经济技术开发区",
        area="30",
        inside="30",
        latitude=Decimal("39.5"),
        coordinates_of="county",
        longitude=Decimal("112.3"),
    )
    namesake = zone(yuncheng, "平陆经济技术开发区", area="4")
    old = zone(changzhi, "长治工业园区", type="other", other_names="长治老园区")
    make_zone_relation(old, zone(changzhi, "长治经济技术开发区"), confirmed=True)
    state(
        namesake,
        "area",
        number=Decimal("35"),
        part_en="with the enlargement",
        part_zh="扩区后",
        adopted=False,
    )
    make_park(whole, name_zh="太原经济技术开发区")
    make_region(cities=[changzhi, yuncheng])
    zone(changzhi, "上党经济技术开发区", state="draft")
    # Withdrawn, and wrong: that is why.
    make_zone(
        city=taiyuan,
        name_zh="太原经济技术开发区",
        area_km2=Decimal("1"),
        area_kind="planned",
        state="withdrawn",
    )
    return whole


def make_projects(inside):
    project(
        ("signed", "2021-03"), ("construction-started", "2022-03"), status="under-construction", on="2999"
    )
    project(
        ("construction-started", "2018-05", "phase I"),
        ("signed", "2021-04-09", "phase III"),
        ("construction-started", "2022-01", "phase III"),
        ("operational", "2022-10", "phase III"),
        status="operational",
        on="2023",
        yuan=20_000_000_000,
    )
    project(("construction-started", "2021"), ("operational", "2021"), status="operational", on="2021")
    project(
        ("construction-started", "2021-01"),
        ("expected-operational", "2021-12"),
        status="announced",
        on="2020",
    )
    land = project(zone=inside, city=inside.city, yuan=500_000_000)
    state(land, "land", number=Decimal("446667"))
    state(land, "investment", number=Decimal("100000000"), part_en="phase I", part_zh="一期", position=1)
    state(land, "jobs", number=Decimal("27000"), as_of=PartialDate("2011"))
    state(land, "jobs", number=Decimal("5000"), as_of=PartialDate("2020"), adopted=False)


def make_the_rest():
    series("yuan", ("2020", "196000000000"), ("2021", "230000000000"), ("2021-01", "19000000000"))
    series("percent", ("2020", "0.3"), ("2021", "10.6"))
    series("rank", ("2020", "20"), ("2021", "2"))
    reform = make_reform()
    state(reform.accounts.get(), "whole")
    state(make_cost(), "price", number=Decimal("0.47"))
    link = make_transport_link()
    state(link, "travel-time", number=Decimal("144"))
    state(link, "travel-time-before", number=Decimal("1440"))
    make_procedure()
    make_policy()
    make_source(kind="mirror", link_ok=False)
    copied = project(("signed", "2021-03"))
    for statement in list(copied.statements.all()):
        state(
            copied,
            statement.aspect.key,
            choice=statement.choice,
            source=make_source(kind="mirror"),
            adopted=False,
        )


@pytest.fixture
def clean_set():
    make_projects(make_zones())
    make_the_rest()


def test_nothing_is_found_where_nothing_is_wrong(clean_set):
    assert {check.name: found(check) for check in CHECKS.values() if found(check)} == {}


def test_the_set_has_every_kind_of_record(clean_set):
    assert [model for model in record_models() if not model.objects.exists()] == []


def test_a_run_over_it_keeps_nothing(clean_set):
    assert findings.run().failed == {}
    call_command("check_records", verbosity=0)
    assert not Finding.objects.exists()
