"""The history of a record in the administration: kept by every route, read, and brought back."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from records import history, pending
from records.loading import Entry
from records.models import Aspect, PendingChange, Route, Source, State, Statement, Version
from records.snapshots import fingerprint, taken
from records.writing import write
from tests import factories as make
from tests.records.staff import act, make_user, page, said, save
from zones.models import City, Park, Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    area = make.make_aspect(key="area", label_en="Planned area", unit="km2", column="area_km2")
    zone = make.make_zone(slug="changzhi", area_km2=37, area_kind="planned", state=State.DRAFT)
    make.make_statement(zone, aspect=area, number=37)
    make.make_park(zone, name_en="North park")
    return zone


def last(record):
    version = history.versions_of(record).first()
    return version and (version.route, version.by_name, version.why)


def history_page(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_history", args=[row.pk])


def way_back(record, number):
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_bring_back"
    return reverse(name, args=[record.pk, number])


def bring_back(client, record, number, **fields):
    address = way_back(record, number)
    form = client.get(address).context["form"]
    return client.post(address, {"seen": form["seen"].value(), "why": "It was right."} | fields, follow=True)


def load(**content):
    """One load of files that hold one zone, and what its statements may name."""
    aspect = {"key": "area", "label_en": "Area", "label_zh": "面积", "kind": "number", "group": "land"}
    entries = [
        Entry(City, "c", {"slug": "c", "name_en": "C", "name_zh": "城"}, "city.yaml"),
        Entry(Aspect, "area", aspect | {"unit": "km2"}, "aspect.yaml"),
    ]
    for slug in ("paper", "office", "third"):
        source = {"slug": slug, "publisher_en": slug, "title": slug, "title_lang": "en", "kind": "media"}
        entries.append(Entry(Source, slug, source, "source.yaml"))
    zone = {"slug": "z", "name_en": "Z", "type": "other", "city": "c"}
    return write([*entries, Entry(Zone, "z", zone | content, "zone.yaml")])


# By every route


def by_form(client, zone):
    save(client, zone, website="https://example.org", why="Read it.")
    return ("admin", "publishers", "Read it.")


def by_inline(client, zone):
    save(client, zone, **{"parks-0-name_en": "South park", "why": "Renamed."})
    return ("admin", "publishers", "Renamed.")


def by_page_of_a_part(client, zone):
    save(client, zone.parks.get(), name_en="South park", why="Renamed.")
    return ("admin", "publishers", "Renamed.")


def by_page_of_a_statement(client, zone):
    save(client, zone.statements.get(), number="239", why="Corrected.")
    return ("admin", "publishers", "Corrected.")


def by_new_part(client, zone):
    client.post(reverse("admin:zones_park_add"), {"zone": zone.pk, "name_en": "East park"})
    assert zone.parks.count() == 2
    return ("admin", "publishers", "")


def by_deleting_a_part(client, zone):
    client.post(page(zone.parks.get(), "delete"), {"post": "yes"})
    return ("admin", "publishers", "")


def by_deleting_parts_in_a_list(client, zone):
    act(client, "delete_selected", zone.parks.get(), post="yes")
    return ("action", "publishers", "")


def by_still_true(client, zone):
    act(client, "still_true", zone)
    return ("action", "publishers", "Checked: still true.")


def by_submitting(client, zone):
    act(client, "submit_for_review", zone)
    return ("action", "publishers", "Submitted for review.")


def by_bringing_back(client, zone):
    by_form(client, zone)
    bring_back(client, zone, 1)
    return ("brought-back", "publishers", "It was right.")


ROUTES = [
    by_form,
    by_inline,
    by_page_of_a_part,
    by_page_of_a_statement,
    by_new_part,
    by_deleting_a_part,
    by_deleting_parts_in_a_list,
    by_still_true,
    by_submitting,
    by_bringing_back,
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.__name__)
def test_every_route_of_the_administration_keeps_one_version(client, zone, route):
    client.force_login(make_user("publishers"))
    before = taken(zone)
    expected = route(client, zone)
    assert last(zone) == expected
    versions = list(history.versions_of(zone))
    assert len(versions) == (3 if route is by_bringing_back else 2)
    assert (versions[-1].route, versions[-1].content) == ("found", before)
    assert versions[0].content == taken(zone)


def test_withdrawing_and_publishing_are_kept_with_their_state(client):
    zone = make.make_zone()
    client.force_login(make_user("publishers"))
    reason = {"confirmed": "yes", "reason_en": "Closed", "reason_zh": "关闭", "day": "2026-11-20"}
    act(client, "withdraw", zone, **reason)
    assert last(zone) == ("action", "publishers", "Withdrawn: Closed")
    assert [one.state for one in history.versions_of(zone)] == ["withdrawn", "published"]


def test_a_record_made_in_the_administration_begins_with_its_first_version(client):
    client.force_login(make_user(is_superuser=True))
    address = reverse("admin:zones_industry_add")
    client.post(address, {"name_en": "Coal", "name_zh": "煤炭", "slug": "coal", "order": 0})
    (version,) = Version.objects.filter(content_type__model="industry")
    assert (version.number, version.route, version.by_name) == (1, "admin", "root")
    assert version.content["fields"]["name_en"] == "Coal"


def test_a_form_that_is_refused_keeps_nothing(client, zone):
    client.force_login(make_user("publishers"))
    save(client, zone, area_km2="0")
    assert Version.objects.count() == 0


def test_a_deleted_draft_is_kept(client, zone):
    client.force_login(make_user(is_superuser=True))
    pk = zone.pk
    client.post(page(zone, "delete"), {"post": "yes"})
    assert not Zone.objects.filter(pk=pk).exists()
    versions = Version.objects.filter(object_id=pk, content_type__model="zone")
    assert [(one.by_name, bool(one.content)) for one in versions] == [("root", False), ("", True)]


def test_a_load_keeps_what_it_makes_and_what_it_changes():
    load()
    zone = Zone.objects.get()
    assert [one.number for one in history.versions_of(zone)] == [1]
    assert last(zone) == last(City.objects.get()) == ("load", "", "")
    load()
    assert history.versions_of(zone).count() == 1
    load(website="https://example.org")
    second, _first = history.versions_of(zone)
    assert (second.number, second.route, second.content) == (2, "load", taken(zone))


def test_a_load_leaves_statements_and_parts_their_keys():
    def said_by(*sources, number="37"):
        return [{"aspect": "area", "number": number, "sources": list(sources)}]

    load(statements=said_by("paper", "office"), parks=[{"name_en": "North"}])
    zone = Zone.objects.get()
    keys, park = list(zone.statements.order_by("pk").values_list("pk", flat=True)), zone.parks.get().pk
    load(statements=said_by("paper", "office", number="239"), parks=[{"name_en": "South"}])
    assert list(zone.statements.order_by("pk").values_list("pk", "number")) == [(key, 239) for key in keys]
    assert (zone.parks.get().pk, zone.parks.get().name_en) == (park, "South")
    # The adopted one goes: the next one takes its place, and its key stays.
    load(statements=said_by("office", "third", number="239"), parks=[{"name_en": "South"}])
    office, third = zone.statements.order_by("pk")
    assert (office.pk, office.source.slug, office.adopted) == (keys[1], "office", True)
    assert (third.source.slug, third.adopted) == ("third", False)


# The page


def test_the_history_says_who_when_how_why_and_what(client, zone):
    li = User.objects.create_user("li")
    with history.keeping(zone, by=li, route=Route.IMPORT, why="<b>The notice</b> says so."):
        Zone.objects.update(area_km2=239)
    li.delete()
    client.force_login(make_user("editors"))
    text = client.get(history_page(zone)).content.decode()
    for words in ("li · Import of a spreadsheet", "37", "239", escape("<b>The notice</b> says so.")):
        assert words in text
    assert "<b>The notice" not in text
    assert way_back(zone, 1) in text
    assert way_back(zone, 2) not in text


def test_a_part_shows_the_history_of_its_record(client, zone):
    with history.keeping(zone, by=None, route=Route.ADMIN):
        Zone.objects.update(area_km2=239)
    client.force_login(make_user("publishers"))
    park = client.get(history_page(zone.parks.get()))
    assert [one.version.number for one in park.context["entries"]] == [2, 1]
    assert way_back(zone, 1) in park.content.decode()
    assert (
        client.get(reverse("admin:zones_park_bring_back", args=[zone.parks.get().pk, 1])).status_code == 404
    )


def test_a_record_without_versions_has_a_page_that_says_so(client, zone):
    client.force_login(make_user("publishers"))
    assert "No version was kept yet." in client.get(history_page(zone)).content.decode()


def test_the_history_costs_as_many_queries_for_three_versions_as_for_twenty(client, zone):
    client.force_login(make_user("publishers"))

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(history_page(zone)).status_code == 200
        return len(captured)

    for number in range(3):
        with history.keeping(zone, by=None, route=Route.ADMIN):
            Zone.objects.update(county_en=f"County {number}")
    cost()
    three = cost()
    for number in range(20):
        with history.keeping(zone, by=None, route=Route.ADMIN):
            Zone.objects.update(county_en=f"District {number}")
    assert cost() == three
    second = client.get(history_page(zone), {"p": 2})
    assert [one.version.number for one in second.context["entries"]] == [4, 3, 2, 1]


# Bringing back


def test_bringing_back_shows_first_what_it_would_change_and_asks_why(client, zone):
    client.force_login(make_user("publishers"))
    before = taken(zone)
    save(client, zone, website="https://example.org")
    text = client.get(way_back(zone, 1)).content.decode()
    assert "https://example.org" in text
    refused = bring_back(client, zone, 1, why=" ")
    assert refused.context["form"].errors == {"why": ["This field is required."]}
    assert last(zone)[0] == "admin"
    answer = bring_back(client, zone, 1)
    assert said(answer) == ["Version 1 was brought back."]
    assert taken(zone) == before


def test_a_record_that_moved_on_is_looked_at_again(client, zone):
    client.force_login(make_user("publishers"))
    save(client, zone, website="https://example.org")
    seen = client.get(way_back(zone, 1)).context["form"]["seen"].value()
    Zone.objects.update(area_km2=239)
    answer = client.post(way_back(zone, 1), {"seen": seen, "why": "It was right."})
    assert answer.context["problems"] == ["The record was changed meanwhile. Look at the differences again."]
    assert "It was right." in answer.content.decode()
    zone.refresh_from_db()
    assert zone.area_km2 == 239
    again = {"seen": answer.context["form"]["seen"].value(), "why": "It was right."}
    assert client.post(way_back(zone, 1), again).status_code == 302


def test_what_cannot_come_back_is_said_with_what_was_typed(client, zone):
    with history.keeping(zone, by=None, route=Route.ADMIN):
        zone.statements.all().delete()
    name = str(Source.objects.get())
    Source.objects.all().delete()
    client.force_login(make_user("publishers"))
    answer = bring_back(client, zone, 1)
    assert answer.context["problems"] == [f"Source: “{name}” is not there any more."]
    assert "It was right." in answer.content.decode()
    assert Statement.objects.count() == 0


def test_an_editor_brings_back_a_public_record_as_a_pending_change(client):
    zone = make.make_zone(area_km2=37, area_kind="planned")
    with history.keeping(zone, by=None, route=Route.ADMIN):
        Zone.objects.update(area_km2=239)
    editor = make_user("editors")
    client.force_login(editor)
    answer = bring_back(client, zone, 1)
    assert said(answer) == ["Version 1 waits for approval as a change of this record."]
    zone.refresh_from_db()
    assert zone.area_km2 == 239
    change = PendingChange.objects.get()
    assert (change.author, change.why) == (editor, "It was right.")
    again = bring_back(client, zone, 1)
    assert again.context["problems"] == ["You have an open change of this record already."]
    pending.approve(change, by=make_user("publishers"), seen=pending.shown(change, taken(zone)))
    zone.refresh_from_db()
    assert zone.area_km2 == 37
    assert last(zone)[0] == "pending"


def test_who_may_not_publish_brings_back_no_name_of_what_was_withdrawn(client):
    zone = make.make_zone(name_en="An old name", state=State.WITHDRAWN)
    with history.keeping(zone, by=None, route=Route.ADMIN):
        Zone.objects.update(name_en="The public name")
    client.force_login(make_user("editors"))
    assert way_back(zone, 1) not in client.get(history_page(zone)).content.decode()
    answer = client.post(way_back(zone, 1), {"why": "x", "seen": fingerprint(taken(zone))})
    assert answer.status_code == 403
    save(client, zone, name_en="A name of mine", county_en="Luzhou")
    zone.refresh_from_db()
    assert (zone.name_en, zone.county_en) == ("The public name", "Luzhou")
    client.force_login(make_user("publishers"))
    assert said(bring_back(client, zone, 1)) == ["Version 1 was brought back."]


@pytest.mark.postgresql
def test_a_record_is_locked_before_what_was_seen_of_it_is_compared(client, zone):
    client.force_login(make_user("publishers"))
    save(client, zone, website="https://example.org")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        bring_back(client, zone, 1)
    asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    locked = next(number for number, sql in enumerate(asked) if "FOR UPDATE" in sql)
    assert any('FROM "records_statement"' in sql for sql in asked[locked:])


def test_neither_page_is_there_outside_the_territory(client, zone):
    with history.keeping(zone, by=None, route=Route.ADMIN):
        Zone.objects.update(area_km2=239)
    client.force_login(make_user("editors", keeps=(make.make_city(),)))
    assert client.get(history_page(zone)).status_code == 302
    assert client.get(way_back(zone, 1)).status_code == 404
    assert client.post(way_back(zone, 1), {"why": "x", "seen": ""}).status_code == 404
    assert client.get(way_back(zone, 9)).status_code == 404
    assert Park.objects.count() == 1


def test_nothing_is_brought_back_out_of_the_own_territory(client, zone):
    here, elsewhere = zone.city, make.make_city()
    Zone.objects.update(city=elsewhere)
    with history.keeping(zone, by=None, route=Route.ADMIN):
        Zone.objects.update(city=here)
    client.force_login(make_user("editors", keeps=(here,)))
    answer = bring_back(client, zone, 1)
    assert answer.context["problems"] == ["It would not lie in your territory any more."]
    zone.refresh_from_db()
    assert zone.city == here
    assert last(zone)[0] == "admin"
