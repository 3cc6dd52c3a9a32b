from decimal import Decimal

import pytest

from records.dates import PartialDate
from tests.checking import found, state
from tests.factories import make_city, make_zone, make_zone_relation
from zones import checks

pytestmark = pytest.mark.django_db


def area(value, kind="planned"):
    return {"area_km2": Decimal(value), "area_kind": kind}


def at(latitude, longitude):
    return {"latitude": Decimal(latitude), "longitude": Decimal(longitude), "coordinates_of": "zone"}


@pytest.fixture
def taiyuan():
    return make_city(slug="taiyuan", name_en="Taiyuan", name_zh="太原市")


# Areas


def test_an_area_inside_that_is_above_the_total_is_found():
    zone = make_zone(slug="too-much", **area("10"))
    inside = state(zone, "area-inside", number=Decimal("10.5"))
    assert found(checks.area_above_total) == [
        ("too-much", f"{inside.aspect}: 10.5 km², and the whole zone has 10 km².")
    ]


def test_an_area_available_is_held_against_the_total_as_soon_as_the_vocabulary_has_it():
    state(make_zone(slug="too-much", **area("10")), "area-available", number=Decimal("11"))
    assert [slug for slug, _message in found(checks.area_above_total)] == ["too-much"]


def test_an_area_inside_the_total_or_beside_an_area_developed_so_far_is_right():
    state(make_zone(**area("10")), "area-inside", number=Decimal("10"))
    state(make_zone(**area("10", "developed")), "area-inside", number=Decimal("11"))
    state(make_zone(), "area-inside", number=Decimal("11"))
    assert found(checks.area_above_total) == []


def test_a_zone_larger_than_the_one_it_is_part_of_is_found_from_either_side():
    whole = make_zone(name_en="Whole", **area("10"))
    part = make_zone(slug="part", part_of=whole, **area("12"))
    make_zone(part_of=whole, **area("9"))
    expected = [("part", "It has 12 km² and is part of Whole, which has 10 km².")]
    assert found(checks.zone_larger_than_whole) == expected
    for one in (whole, part):
        rows = checks.zone_larger_than_whole.rows(type(one).objects.filter(pk=one.pk))
        assert [(row.record, row.other) for row in rows] == [(part, whole)]


# Points


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        (("37.85", "112.55"), [[], [], []]),
        (("36.19", "113.11"), [[], [], ["z"]]),
        (("39.90", "116.40"), [[], ["z"], []]),
        (("34.75", "113.63"), [[], ["z"], []]),
        (("0", "0"), [[], ["z"], []]),
    ],
)
def test_a_point_is_inside_the_city_outside_it_or_outside_the_province(taiyuan, point, expected):
    make_zone(slug="z", city=taiyuan, **at(*point))
    all_three = (checks.point_swapped, checks.point_outside, checks.point_outside_city)
    assert [[slug for slug, _message in found(check)] for check in all_three] == expected


def test_latitude_and_longitude_that_were_swapped_are_found():
    # A latitude above 90 is refused by the form; other ways lead past it.
    zone = make_zone(slug="z", **at("37.85", "112.55"))
    type(zone).objects.update(latitude=Decimal("112.55"), longitude=Decimal("37.85"))
    assert found(checks.point_swapped) == [
        ("z", "112.55, 37.85 lies outside Shanxi, and inside it the other way round.")
    ]
    assert found(checks.point_outside) == []


def test_the_point_of_a_city_is_looked_at_too():
    make_city(slug="astray", latitude=Decimal("31.23"), longitude=Decimal("121.47"))
    assert found(checks.point_outside) == [("astray", "31.23, 121.47 lies outside Shanxi.")]


def test_a_point_in_another_city_that_the_zone_names_is_right(taiyuan):
    changzhi = make_city(slug="changzhi")
    make_zone(city=taiyuan, other_cities=[changzhi], **at("36.19", "113.11"))
    assert found(checks.point_outside_city) == []


# Dates and levels


@pytest.mark.parametrize(
    ("established", "upgraded", "is_found"),
    [
        ("2012-08", "2010", True),
        ("2012-08", "2012", False),
        ("2012", "2012-03", False),
        ("../2012", "2010", False),
        ("2012-08", "2012-07-31", True),
    ],
)
def test_raised_before_it_was_established(established, upgraded, is_found):
    make_zone(slug="z", established=PartialDate(established), upgraded=PartialDate(upgraded))
    assert [slug for slug, _message in found(checks.upgraded_before_established)] == ["z"] * is_found


def test_a_level_that_no_source_states_is_found():
    make_zone(slug="unknown", level_guess="provincial")
    make_zone(level="provincial")
    assert [slug for slug, _message in found(checks.level_not_stated)] == ["unknown"]


# Twice


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ({"name_zh": "太原经济开发区"}, {"name_zh": "山西太原经济技术开发区"}, "太原"),
        ({"name_zh": "壶关县经济技术开发区"}, {"name_zh": "x", "other_names": "壺關經濟開發區"}, "壶关"),
        (
            {"name_zh": "清徐经济开发区"},
            {"name_zh": "", "name_en": "Qingxu Economic Development Zone"},
            "qingxu",
        ),
        ({"name_en": "Qingxu Economic Zone"}, {"name_en": "QINGXU Economic Development Area"}, "qingxu"),
        ({"nbs_code": "140471"}, {"nbs_code": "140471", "type": "bonded"}, "140471"),
        ({"gbt37028_code": "14103002"}, {"gbt37028_code": "14103002"}, "14103002"),
    ],
)
def test_the_same_zone_under_two_names_is_found_once_at_the_later_one(taiyuan, one, other, value):
    earlier = make_zone(slug="earlier", city=taiyuan, **one)
    later = make_zone(slug="later", city=taiyuan, **other)
    ((slug, message),) = found(checks.zone_twice)
    assert (slug, message.endswith(f": {value}.")) == ("later", True)
    for zone in (earlier, later):
        rows = checks.zone_twice.rows(type(zone).objects.filter(pk=zone.pk))
        assert [(row.record, row.other) for row in rows] == [(later, earlier)]


@pytest.mark.parametrize(
    "other",
    [
        {"name_zh": "太原高新技术产业开发区", "type": "high-tech"},
        {"name_zh": "太原东经济开发区"},
        {"state": "withdrawn", "name_zh": "太原经济开发区"},
    ],
)
def test_another_type_another_place_and_a_withdrawn_record_are_no_second_one(taiyuan, other):
    make_zone(city=taiyuan, name_zh="太原经济技术开发区")
    make_zone(city=taiyuan, **other)
    assert found(checks.zone_twice) == []


def test_namesakes_in_two_cities_are_two_zones():
    make_zone(city=make_city(), name_zh="平鲁经济技术开发区")
    make_zone(city=make_city(), name_zh="平陆经济技术开发区")
    assert found(checks.zone_twice) == []


def test_two_zones_that_an_editor_has_related_are_found_as_such_until_it_is_confirmed(taiyuan):
    old = make_zone(slug="old", city=taiyuan, name_zh="中北经济开发区")
    new = make_zone(city=taiyuan, name_zh="中北经济技术开发区", name_en="New")
    relation = make_zone_relation(old, new)
    assert found(checks.zone_twice) == []
    expected = [("old", "It and New: Perhaps the old name. No source confirms it.")]
    assert found(checks.relation_unconfirmed) == expected
    relation.confirmed = True
    relation.save()
    assert found(checks.zone_twice) == found(checks.relation_unconfirmed) == []
