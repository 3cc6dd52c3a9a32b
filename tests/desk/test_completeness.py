"""How complete records and territories are, and the trend that is kept of it."""

import datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from desk import completeness
from desk.models import Completeness
from desk.territories import completeness_of
from records.models import Aspect, record_models
from records.territories import Territories
from tests import factories as make
from zones.models import Zone

pytestmark = pytest.mark.django_db

PROVINCE = Territories(everywhere=True)


def keep(day=None):
    return completeness.record_completeness(day)


def weight(model, *keys):
    return sum(one.weight for one in completeness.wanted_of(model) if one.key in keys)


def test_everything_that_is_wanted_can_be_asked_of_every_kind():
    for model in record_models():
        assert completeness.shares_of(model, []) == {}
        assert completeness.words_for(model).keys() == {one.key for one in completeness.wanted_of(model)}


def test_the_share_of_a_record_is_the_weight_of_what_is_stated():
    bare = make.make_zone()
    city = make.make_city()
    full = make.make_zone(
        city=city,
        summary_en="By the river.",
        summary_zh="河边。",
        checked_on=timezone.localdate(),
        level="national",
        area_km2=Decimal("5"),
        industries=[make.make_industry()],
        county_zh="屯留",
    )
    make.make_statement(full, aspect=make.make_aspect(key="price"))
    found = completeness.shares_of(Zone, [bare.pk, full.pk])

    whole = weight(Zone, *(one.key for one in completeness.wanted_of(Zone)))
    assert found[bare.pk].percent == 100 * weight(Zone, "both names") // whole
    stated = ("both names", "both summaries", "a source", "checked within a year", "level", "area_km2")
    stated += ("industries", "county", "said:price")
    assert found[full.pk].percent == 100 * weight(Zone, *stated) // whole
    assert set(found[full.pk].missing) == {one.key for one in completeness.wanted_of(Zone)} - set(stated)
    # The most wanted first.
    assert found[full.pk].missing[0] == "contact_phone"


def test_a_check_of_more_than_a_year_ago_does_not_count():
    day = timezone.localdate() - datetime.timedelta(days=366)
    zone = make.make_zone(checked_on=day)
    assert "checked within a year" in completeness.shares_of(Zone, [zone.pk])[zone.pk].missing


def test_a_row_is_kept_for_the_province_each_city_and_each_public_zone():
    city, empty = make.make_city(), make.make_city()
    zone = make.make_zone(city=city)
    make.make_zone(city=city, state="draft")
    make.make_project(zone=zone)
    make.make_procedure()
    assert keep() == 4
    rows = {(row.city, row.zone): row.records for row in Completeness.objects.all()}
    assert rows == {(None, None): 3, (city, None): 2, (empty, None): 0, (None, zone): 2}
    province = Completeness.objects.get(city=None, zone=None)
    assert province.stated["zones.zone"] == {
        **dict.fromkeys((one.key for one in completeness.wanted_of(Zone)), 0),
        "records": 1,
        "both names": 1,
    }
    assert sorted(kind for kind, _pk in province.least) == [
        "business_environment.procedure",
        "projects.project",
        "zones.zone",
    ]


def test_a_territory_has_the_mean_of_its_records():
    zone = make.make_zone()
    make.make_zone(city=zone.city, level="national", area_km2=Decimal("5"))
    keep()
    shares = [share.percent for share in completeness.shares_of(Zone, Zone.objects.values("pk")).values()]
    row = Completeness.objects.get(city=zone.city)
    assert abs(float(row.share) - sum(shares) / 2) < 1
    assert row.share > min(shares)


def test_a_second_run_of_a_day_takes_the_place_of_the_first_and_old_days_go():
    make.make_zone()
    today = timezone.localdate()
    for days in (401, 400, 30):
        keep(today - datetime.timedelta(days=days))
    make.make_zone()
    keep(today)
    call_command("record_completeness", verbosity=0)
    province = Completeness.objects.filter(city=None, zone=None)
    assert [((today - row.day).days, row.records) for row in province] == [(0, 2), (30, 1), (400, 1)]


def test_the_trend_is_told_in_words():
    zone = make.make_zone()
    today = timezone.localdate()
    keep(today - datetime.timedelta(days=90))
    Completeness.objects.update(share=Decimal("5.0"))
    keep(today - datetime.timedelta(days=30))
    Completeness.objects.filter(day__gt=today - datetime.timedelta(days=31)).update(share=Decimal("50.0"))
    keep(today)
    Completeness.objects.filter(day=today).update(share=Decimal("40.5"))
    found = completeness_of(Territories(zones=frozenset({zone.pk})), records=10)
    (line,) = found["lines"]
    assert (line.place, line.stated) == (str(zone), "40.5 %")
    assert line.trends == ("down by 9.5", "up by 35.5")
    assert line.points == "0.0,19.0 60.0,10.0 90.0,11.9"


def test_a_record_completed_since_last_night_is_no_longer_named():
    zone, other = make.make_zone(), make.make_zone()
    keep()
    found = completeness_of(PROVINCE, records=10)
    assert [one.title for one in found["incomplete"]] == [str(zone), str(other)]
    Zone.objects.filter(pk=zone.pk).update(level="national", area_km2=Decimal("5"))
    found = completeness_of(PROVINCE, records=10)
    assert [one.title for one in found["incomplete"]] == [str(other), str(zone)]
    assert "level" not in found["incomplete"][1].missing.split("; ")


def test_nobody_is_told_of_the_territories_of_others():
    zone, other = make.make_zone(), make.make_zone()
    keep()
    found = completeness_of(Territories(cities=frozenset({zone.city_id})), records=10)
    assert [line.place for line in found["lines"]] == [str(zone.city)]
    assert [one.title for one in found["incomplete"]] == [str(zone)]
    assert str(other) not in str(found)


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_as_many_queries_for_many_records_as_for_one(count, django_assert_num_queries):
    aspect = make.make_aspect(key="price", kind=Aspect.Kind.NUMBER)
    for _number in range(count):
        make.make_statement(make.make_zone(), aspect=aspect)
    keep()
    completeness_of(PROVINCE, records=10)
    # 1 the newest rows; 2 the series; 3 shares of the zones; 4 the zones; 5 the words of aspects
    with django_assert_num_queries(5):
        completeness_of(PROVINCE, records=10)
