"""The triggers: which ways of writing they see, what they say of it, and that none gets lost."""

import io

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from listings import triggers, versions
from listings.models import Change, DataVersion, Index
from records.models import Source, State
from tests import factories as make
from tests.listings.following import (
    PROJECTS,
    ZONES,
    committing,
    execute,
    logged,
    settle,
)
from zones.models import City, Industry, Park, Zone

# Every way of writing


class Ways:
    """Each method writes in one way; it gives the zones that it has touched."""

    def __init__(self, client, folder):
        self.client, self.folder = client, folder
        self.number = 0

    def prepare(self):
        """Rows for one way of writing, of which there is nothing else."""
        self.city, self.industry = make.make_city(), make.make_industry()
        # Drafts, since no other record is ever deleted.
        self.one, self.two = (
            make.make_zone(city=self.city, industries=[self.industry], state=State.DRAFT) for _ in range(2)
        )
        self.other = make.make_industry()
        # A deleted one has no primary key any more.
        self.was_one = Zone(pk=self.one.pk)

    def unsaved(self, slug, **values):
        return Zone(slug=slug, name_en=slug, city=self.city, type="economic", **values)

    def save(self):
        self.one.save()
        return {self.one}

    def create(self):
        return {Zone.objects.create(slug="created", name_en="Created", city=self.city, type="economic")}

    def bulk_create(self):
        return set(Zone.objects.bulk_create([self.unsaved("bulk-1"), self.unsaved("bulk-2")]))

    def bulk_create_ignoring_conflicts(self):
        rows = [self.unsaved(self.one.slug), self.unsaved("unlike")]
        Zone.objects.bulk_create(rows, ignore_conflicts=True)
        return {Zone.objects.get(slug="unlike")}

    def bulk_create_updating_conflicts(self):
        Zone.objects.bulk_create(
            [self.unsaved(self.one.slug)],
            update_conflicts=True,
            unique_fields=["slug"],
            update_fields=["name_en"],
        )
        return {self.one}

    def bulk_update(self):
        self.one.name_en, self.two.name_en = "One", "Two"
        Zone.objects.bulk_update([self.one, self.two], ["name_en"])
        return {self.one, self.two}

    def update(self):
        Zone.objects.filter(pk=self.one.pk).update(name_en=F("name_zh"))
        return {self.one}

    def delete(self):
        self.one.delete()
        return {self.was_one}

    def delete_many(self):
        Zone.objects.filter(pk__in=[self.one.pk, self.two.pk]).delete()
        return {self.one, self.two}

    def raw_update(self):
        execute("UPDATE zones_zone SET name_en = %s WHERE id = %s", "Raw", self.two.pk)
        return {self.two}

    def raw_delete(self):
        execute("DELETE FROM zones_zone_industries WHERE zone_id = %s", self.one.pk)
        execute("DELETE FROM zones_zone WHERE id = %s", self.one.pk)
        return {self.one}

    def another_primary_key(self):
        Zone.objects.filter(pk=self.one.pk).update(part_of=None)
        self.one.industries.clear()
        execute("UPDATE zones_zone SET id = %s WHERE id = %s", 10**6, self.one.pk)
        return {self.one, Zone(pk=10**6)}

    def add(self):
        self.one.industries.add(self.other)
        return {self.one}

    def remove(self):
        self.one.industries.remove(self.industry)
        return {self.one}

    def set(self):
        self.one.industries.set([self.other])
        return {self.one}

    def clear(self):
        self.one.other_cities.add(self.city)
        self.one.other_cities.clear()
        return {self.one}

    def add_from_the_other_side(self):
        self.other.zones.add(self.one, self.two)
        return {self.one, self.two}

    def change_the_row_of_a_value(self):
        self.two.industries.clear()
        Zone.industries.through.objects.filter(zone=self.one).update(zone=self.two)
        return {self.one, self.two}

    def delete_a_value(self):
        """It takes the rows that have it out of it."""
        industry = make.make_industry()
        self.two.industries.add(industry)
        Industry.objects.filter(pk=industry.pk).delete()
        return {self.two}

    def cascade(self):
        make.make_park(self.one)
        self.one.delete()
        return {self.was_one}

    def publish(self):
        Zone.objects.filter(pk=self.one.pk).update(state=State.REVIEW)
        data = {"action": "publish", "_selected_action": [self.one.pk]}
        self.client.post("/admin/zones/zone/", data)
        assert Zone.objects.get(pk=self.one.pk).state == State.PUBLISHED
        return {self.one}

    def load_data(self):
        folder = self.folder / "data" / "zones"
        folder.mkdir(parents=True)
        (folder / "city.yaml").write_text("records:\n- {slug: c, name_en: C, name_zh: 城}\n")
        (folder / "zone.yaml").write_text("records:\n- {slug: z, name_en: Z, city: c, type: economic}\n")
        call_command("load_data", folder.parent, no_progress=True, stdout=io.StringIO())
        return {Zone.objects.get(slug="z")}

    def loaddata(self):
        file = self.folder / "zone.json"
        call_command("dumpdata", "zones.zone", primary_keys=str(self.one.pk), output=str(file), verbosity=0)
        call_command("loaddata", str(file), verbosity=0)
        return {self.one}

    # What shows on the page of a zone and is not in its own rows.

    def change_a_child(self):
        make.make_park(self.one)
        Park.objects.update(name_en="Park")
        return set()

    def change_a_city(self):
        City.objects.update(name_en="City")
        return set()

    def state_something(self):
        make.make_statement(self.one)
        return set()

    def change_another_record(self):
        make.make_project(zone=self.one)
        return set()


WAYS = [name for name in vars(Ways) if not name.startswith("_") and name not in ("prepare", "unsaved")]


@committing
def test_every_way_of_writing_is_counted_and_logged(client, tmp_path):
    client.force_login(User.objects.create_superuser("root"))
    ways, found, wanted = Ways(client, tmp_path), {}, {}
    versions.follow(ZONES)
    for way in WAYS:
        ways.prepare()
        before = versions.current()
        touched = {zone.pk for zone in getattr(ways, way)()}
        wanted[way] = (True, touched)
        found[way] = (versions.current().number > before.number, versions.changed(ZONES, before))
    assert len(WAYS) > 25
    assert found == wanted


@committing
def test_nothing_is_logged_of_a_table_without_an_index():
    start = versions.follow(PROJECTS)
    make.make_zone(industries=[make.make_industry()])
    project = make.make_project()
    project.related.add(other := make.make_project())
    assert logged(start) == {(PROJECTS, project.pk), (PROJECTS, other.pk)}


@committing
def test_what_belongs_to_django_is_not_counted(client):
    version = (make.make_zone(), versions.current())[1]
    client.force_login(User.objects.create_superuser("root"))
    client.get("/admin/")
    Session.objects.update(expire_date=timezone.now())
    ContentType.objects.create(app_label="a", model="b")
    Index.objects.create(table=ZONES, logged_since=0)
    assert versions.current() == version


@committing
def test_what_is_rolled_back_is_not_counted():
    zone = make.make_zone()
    version = versions.follow(ZONES)
    with transaction.atomic():
        zone.save()
        settle()
        assert versions.current().number > version.number
        transaction.set_rollback(True)
    assert (versions.current(), versions.changed(ZONES, version)) == (version, set())


@committing
def test_a_savepoint_that_is_rolled_back_takes_its_count_along():
    one, two = make.make_zone(), make.make_zone()
    version = versions.follow(ZONES)
    with transaction.atomic():
        with transaction.atomic():
            one.save()
            settle()
            transaction.set_rollback(True)
        two.save()
    assert versions.current().number > version.number
    assert versions.changed(ZONES, version) == {two.pk}


@committing
def test_many_rows_at_once():
    make.make_industry()
    version = versions.follow("zones_industry")
    rows = [Industry(slug=f"many-{number}", name_en="Industry") for number in range(20_000)]
    with transaction.atomic():
        created = Industry.objects.bulk_create(rows, batch_size=2_000)
    assert versions.changed("zones_industry", version) == {row.pk for row in created}
    assert Change.objects.filter(number__gt=version.number).count() == len(rows)


# Which tables


def test_all_tables_of_ours_are_followed_and_no_other():
    ours = ("records", "zones", "projects", "business_environment")
    tables = {
        model._meta.db_table
        for label in ours
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }
    # What staff say to each other is on no public page.
    tables -= {"records_note", "records_pendingchange"}
    assert {item.table for item in triggers.followed()} == tables
    assert {(item.logged, item.column) for item in triggers.followed() if item.logged == ZONES} == {
        (ZONES, "id"),
        (ZONES, "zone_id"),
    }
    (related,) = (item for item in triggers.followed() if item.table == "projects_project_related")
    assert (related.logged, related.column) == (PROJECTS, "from_project_id")


# A new epoch


@committing
def test_an_emptied_database_begins_a_new_epoch():
    make.make_zone()
    before = versions.current()
    call_command("flush", interactive=False, verbosity=0)
    make.make_city()
    assert versions.current().epoch != before.epoch
    assert versions.changed(ZONES, before) is None


@committing
def test_a_lost_version_begins_a_new_epoch():
    make.make_zone()
    before = versions.current()
    DataVersion.objects.all().delete()
    assert versions.current() is None
    make.make_city()
    assert versions.current().epoch != before.epoch


@committing
def test_a_database_put_back_gives_no_number_twice():
    """As by a copy of the file, or of all tables, from before: numbers are microseconds of the clock."""
    make.make_zone()
    lost = versions.current()
    DataVersion.objects.update(number=lost.number - 10**9)
    make.make_city()
    assert versions.current().number > lost.number - 10**6
    DataVersion.objects.update(number=lost.number + 10**9)
    make.make_city()
    assert versions.current().number > lost.number + 10**9


@pytest.mark.postgresql
@committing
def test_truncating_one_table_begins_a_new_epoch():
    make.make_source()
    before = versions.current()
    execute("TRUNCATE records_source CASCADE")
    assert not Source.objects.exists()
    assert versions.current().epoch != before.epoch
