"""Versions of records: by every route one, brought back whole, and told to the public in plain words."""

import datetime
import uuid

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from records import history
from records.dates import PartialDate
from records.models import Aspect, Route, State, Statement, Version
from records.snapshots import taken
from tests import factories as make
from zones.models import City, Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def li():
    return User.objects.create_user("li")


@pytest.fixture
def area():
    return make.make_aspect(
        key="area", label_en="Planned area", label_zh="规划面积", unit="km2", column="area_km2"
    )


@pytest.fixture
def zone(area):
    zone = make.make_zone(slug="changzhi", name_en="Changzhi zone", area_km2=37, area_kind="planned")
    source = make.make_source(publisher_en="Paper", publisher_zh="报", title="Zones", title_lang="en")
    make.make_statement(zone, aspect=area, source=source, number=37, as_of=None)
    return zone


def change(record, by=None, route=Route.ADMIN, why="", **values):
    with history.keeping(record, by=by, route=route, why=why):
        type(record).objects.filter(pk=record.pk).update(**values)


def kept(record):
    return [(one.number, one.route, one.by_name, one.why) for one in reversed(history.versions_of(record))]


def told(record):
    return [
        [(line.kind, line.label, line.old, line.new, line.source) for line in lines]
        for _day, lines in history.public_changes(record)
    ]


# Keeping


def test_a_change_keeps_what_was_and_what_is(zone, li):
    before = taken(zone)
    change(zone, by=li, why="The notice says so.", area_km2=239)
    assert kept(zone) == [(1, "found", "", ""), (2, "admin", "li", "The notice says so.")]
    second, first = history.versions_of(zone)
    assert (first.content, second.content) == (before, taken(zone))
    li.delete()
    assert kept(zone)[1][2] == "li"


def test_nothing_is_kept_where_nothing_changes(zone, li):
    change(zone, by=li, area_km2=37)
    assert kept(zone) == []


def test_nothing_is_kept_of_a_change_that_fails(zone, li):
    with pytest.raises(IntegrityError):
        change(zone, by=li, name_en="Other", area_km2=0)
    assert kept(zone) == []
    zone.refresh_from_db()
    assert zone.area_km2 == 37
    # And the next change is kept again.
    change(zone, by=li, area_km2=239)
    assert len(kept(zone)) == 2


def test_a_new_record_is_kept_by_what_makes_it(li, area):
    made = []
    with history.keeping(lambda: made[0], by=li, route=Route.IMPORT, batch=uuid.UUID(int=5)):
        made.append(make.make_zone())
        make.make_statement(made[0], aspect=area)
    (version,) = history.versions_of(made[0])
    assert (version.number, version.route, version.batch) == (1, "import", uuid.UUID(int=5))
    assert version.content == taken(made[0])


def test_a_part_keeps_a_version_of_its_record(zone, li):
    statement = zone.statements.get()
    with history.keeping(statement, by=li, route=Route.ADMIN):
        Statement.objects.update(number=239)
    assert [one[1] for one in kept(zone)] == ["found", "admin"]
    assert list(history.versions_of(statement)) == list(history.versions_of(zone))


def test_a_statement_about_a_city_keeps_a_version_of_the_city(li, area):
    city = make.make_city()
    statement = make.make_statement(city, aspect=area)
    with history.keeping(statement, by=li, route=Route.ADMIN):
        Statement.objects.update(number=239)
    assert len(kept(city)) == 2


def test_a_block_in_a_block_keeps_one_version(zone, li):
    with history.keeping(zone, by=li, route=Route.PENDING, why="outer"):
        change(zone, area_km2=100)
        change(zone, area_km2=239)
    assert [one[1:] for one in kept(zone)] == [("found", "", ""), ("pending", "li", "outer")]


def test_what_was_changed_past_all_routes_is_not_put_down_to_the_next(zone, li):
    change(zone, by=li, area_km2=239)
    Zone.objects.update(website="https://example.org")
    change(zone, by=li, area_km2=240)
    assert [one[:3] for one in kept(zone)] == [
        (1, "found", ""),
        (2, "admin", "li"),
        (3, "found", ""),
        (4, "admin", "li"),
    ]


def test_a_deleted_draft_leaves_its_versions(li):
    draft = make.make_zone(state=State.DRAFT)
    pk = draft.pk
    with history.keeping(draft, by=li, route=Route.ADMIN):
        draft.delete()
    versions = Version.objects.filter(object_id=pk).order_by("number")
    assert [(one.route, bool(one.content)) for one in versions] == [("found", True), ("admin", False)]


def test_many_records_cost_as_many_queries_as_one(zone, li):
    def cost(zones):
        keeping = history.keeping_all(zones, by=li, route=Route.IMPORT)
        with CaptureQueriesContext(connection) as captured, keeping:
            Zone.objects.filter(pk__in=[one.pk for one in zones]).update(website="https://example.org")
        return len(captured)

    zones = [make.make_zone(city=zone.city) for _time in range(8)]
    cost(zones[:1])  # What is looked up once in a process has been looked up.
    assert cost(zones[1:2]) == cost(zones[2:])
    assert Version.objects.count() == 16


def test_found_by_night_is_what_changed_since_the_last_version(zone, li):
    city = zone.city
    change(zone, by=li, area_km2=239)
    change(city, by=li, name_en="Long")
    assert history.keep_found() == 0
    Statement.objects.update(number=240)
    City.objects.update(name_en="Longer")
    make.make_zone()  # Without a version nobody knows what it was.
    assert history.keep_found() == 2
    assert history.keep_found() == 0
    assert [kept(one)[-1][:2] for one in (zone, city)] == [(3, "found"), (3, "found")]


def test_found_by_night_takes_turns(li):
    zones = [make.make_zone() for _time in range(5)]
    for zone in zones:
        change(zone, by=li, website="https://example.org")
    Zone.objects.update(website="https://example.com")
    days = [datetime.date(2026, 11, day) for day in (1, 2, 3)]
    counts = [history.keep_found(limit=2, on=day) for day in days]
    assert sum(counts) == 5
    assert max(counts) <= 2


# Bringing back


def test_an_old_version_brought_back_is_the_old_version_statements_included(zone, li, area):
    before = taken(zone)
    with history.keeping(zone, by=li, route=Route.ADMIN):
        zone.statements.all().delete()
        make.make_statement(zone, aspect=area, number=239)
        make.make_park(zone)
        Zone.objects.update(area_km2=239, name_en="Other")
    first = history.versions_of(zone).get(number=1)
    history.bring_back(first, by=li, why="It was right.")
    assert taken(zone) == before
    assert kept(zone)[-1] == (3, "brought-back", "li", "It was right.")
    zone.refresh_from_db()
    assert zone.changed_by == li


def test_a_version_that_cannot_come_back_is_refused_and_nothing_is_kept(zone, li):
    with history.keeping(zone, by=li, route=Route.ADMIN):
        source = zone.statements.get().source
        zone.statements.all().delete()
    source.delete()
    with pytest.raises(ValidationError) as caught:
        history.bring_back(history.versions_of(zone).get(number=1), by=li, why="")
    assert caught.value.messages == ["Source: “Paper: Zones” is not there any more."]
    assert len(kept(zone)) == 2


# What the public is told


def test_a_changed_figure_is_told_once_with_its_source(zone, li):
    with history.keeping(zone, by=li, route=Route.ADMIN, why="Secret."):
        Zone.objects.update(area_km2=239)
        Statement.objects.update(number=239)
    assert told(zone) == [[("changed", "Planned area", "37 km²", "239 km²", "Paper: Zones")]]
    with override("zh-hans"):
        assert told(zone) == [[("changed", "规划面积", "37平方公里", "239平方公里", "报: Zones")]]


def test_another_adopted_statement_is_the_same_change(zone, li, area):
    office = make.make_source(publisher_en="Office", title="Notice")
    with history.keeping(zone, by=li, route=Route.ADMIN):
        zone.statements.update(adopted=False)
        make.make_statement(zone, aspect=area, source=office, number=239, as_of=PartialDate("2026"))
    assert told(zone) == [[("changed", "Planned area", "37 km²", "239 km² (2026)", "Office: Notice")]]


def test_statements_made_anew_with_the_same_words_are_not_told(zone, li):
    with history.keeping(zone, by=li, route=Route.ADMIN):
        for statement in list(zone.statements.all()):
            statement.delete()
            statement.pk = None
            statement.save()
    assert told(zone) == []


def test_each_kind_of_change_is_told_in_its_words(zone, li, area):
    coal = make.make_industry(name_en="Coal")
    Zone.objects.update(summary_en="What it is.")
    remark = make.make_aspect(key="remark", label_en="Remark", kind=Aspect.Kind.TEXT)
    with history.keeping(zone, by=li, route=Route.ADMIN):
        Zone.objects.update(county_en="Luzhou", summary_en="x" * 200)
        zone.industries.add(coal)
        zone.statements.update(doubt_en="Too small?")
        make.make_statement(zone, aspect=remark, number=None, text_en="Good", text_zh="好", as_of=None)
        make.make_statement(zone, aspect=area, number=40, as_of=None, adopted=False)
        make.make_park(zone, name_en="North park")
    ((*lines,),) = told(zone)
    assert [line[:4] for line in lines] == [
        ("annotated", "Planned area", "", "37 km²"),
        ("other-added", "Planned area", "", "40 km²"),
        ("added", "Remark", "", "Good"),
        ("revised", "Summary (English)", "", ""),
        ("added", "County or district (English)", "", "Luzhou"),
        ("added", "Leading industries", "", "Coal"),
        ("row-added", "Park “North park”", "", ""),
    ]


def test_nothing_that_was_only_ever_in_a_draft_is_told(li):
    zone = make.make_zone(state=State.DRAFT, county_en="Secret 1")
    change(zone, by=li, county_en="Secret 2")
    change(zone, by=li, state=State.PUBLISHED)
    change(zone, by=li, county_en="Luzhou")
    change(zone, by=li, state=State.WITHDRAWN, withdrawn_on="2026-11-22", withdrawn_reason_en="Closed")
    change(zone, by=li, county_en="Secret 3")
    change(zone, by=li, county_en="Shangdang")
    change(zone, by=li, state=State.PUBLISHED, withdrawn_on=None, withdrawn_reason_en="")
    ((*lines,),) = told(zone)
    assert [line[:4] for line in lines] == [
        ("published-again", "", "", ""),
        ("changed", "County or district (English)", "Luzhou", "Shangdang"),
        ("withdrawn", "", "", ""),
        ("changed", "County or district (English)", "Secret 2", "Luzhou"),
        ("published", "", "", ""),
    ]


def test_neither_drafts_that_it_refers_to_nor_fields_of_staff_are_told(zone, li):
    draft = make.make_zone(name_en="Secret zone", state=State.DRAFT)
    public = make.make_zone(name_en="Upper zone")
    with history.keeping(zone, by=li, route=Route.ADMIN):
        Zone.objects.filter(pk=zone.pk).update(part_of=draft, level_guess="national", checked_on="2026-11-22")
        make.make_zone_relation(zone, draft)
        make.make_park(zone, record=draft)
    assert told(zone) == []
    policy = make.make_policy(zones=[public])
    with history.keeping(policy, by=li, route=Route.ADMIN):
        policy.zones.add(draft)
    assert told(policy) == []
    with history.keeping(policy, by=li, route=Route.ADMIN):
        policy.zones.clear()
    assert told(policy) == [[("removed", "Zones", "Upper zone", "", "")]]


def test_the_first_version_and_a_loaded_record_tell_nothing(zone, li):
    with history.keeping(lambda: zone, by=None, route=Route.LOAD):
        pass
    assert (kept(zone), told(zone)) == ([(1, "load", "", "")], [])


def test_a_value_of_an_indicator_is_told_with_unit_and_source(li):
    indicator = make.make_indicator(values=[{"number": 7200}])
    value = indicator.values.get()
    value.statements.all().delete()
    make.make_statement(value, source=make.make_source(publisher_en="Office", title="Notice"), adopted=False)
    with history.keeping(indicator, by=li, route=Route.ADMIN):
        type(value).objects.update(number=7300)
    ((line,),) = told(indicator)
    assert (line[0], line[4]) == ("changed", "Office: Notice")
    assert line[2].startswith("7,200")
    assert line[3].startswith("7,300")


@pytest.mark.parametrize("state", [State.DRAFT, State.PUBLISHED])
def test_the_page_tells_what_changed_in_both_languages(client, zone, li, state):
    with history.keeping(zone, by=li, route=Route.ADMIN, why="Secret."):
        Zone.objects.update(area_km2=239)
        Statement.objects.update(number=239)
    Zone.objects.update(state=state)
    answer = client.get("/en/zones/changzhi/")
    if state == State.DRAFT:
        assert answer.status_code == 404
        return
    page = " ".join(answer.content.decode().split())
    assert "Planned area changed from 37 km² to 239 km². " in page
    assert "Source: Paper: Zones" in page
    chinese = client.get("/zh-hans/zones/changzhi/").content.decode()
    assert "“规划面积”由37平方公里改为239平方公里。" in chinese
    assert "Secret." not in page + chinese
    assert "li" not in [one.strip() for one in page.split(">")]


def test_the_last_ten_days_are_shown_and_the_earlier_ones_unfolded(client, zone, li):
    for number in range(1, 13):
        change(zone, by=li, county_en=f"County {number}")
    for version in history.versions_of(zone):
        at = datetime.datetime(2026, 10, version.number, 12, tzinfo=datetime.UTC)
        Version.objects.filter(pk=version.pk).update(at=at)
    page = client.get("/en/zones/changzhi/").content.decode()
    shown, unfolded = page[page.index("record-changes") :].split("<details", 1)
    assert shown.count("<dt>") == 10
    assert unfolded.split("</details>")[0].count("<dt>") == 2
