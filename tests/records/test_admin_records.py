"""One record in the admin: who is put to a change, and what stays fixed."""

import pytest
from django.contrib.auth.models import User

from records.models import State
from tests import factories
from tests.records.staff import (
    form_data,
    page,
)
from zones.models import Zone

pytestmark = pytest.mark.django_db


def test_a_new_record_is_a_draft_of_whoever_made_it(client, editor):
    data = form_data(client.get(page(Zone, "add")))
    data |= {
        "slug": "new",
        "name_zh": "新区",
        "type": "economic",
        "city": factories.make_city().pk,
        "state": "published",
    }

    client.post(page(Zone, "add"), data)

    zone = Zone.objects.get()
    assert zone.state == State.DRAFT
    assert zone.created_by == zone.changed_by == editor


def test_a_change_is_put_to_whoever_made_it(client, publisher):
    author = User.objects.create_user("author")
    zone = factories.make_zone(created_by=author, changed_by=author)
    data = form_data(client.get(page(zone, "change"))) | {
        "summary_en": "In the south.",
        "state": "draft",
        "slug": "moved",
    }

    client.post(page(zone, "change"), data)

    address = zone.slug
    zone.refresh_from_db()
    assert zone.summary_en == "In the south."
    assert (zone.created_by, zone.changed_by) == (author, publisher)
    assert (zone.state, zone.slug) == (State.PUBLISHED, address)


def test_a_change_of_a_part_is_a_change_of_its_record(client, editor):
    value = factories.make_indicator(state=State.DRAFT).values.get()
    data = form_data(client.get(page(value, "change"))) | {"note_en": "Without rural households."}

    client.post(page(value, "change"), data)

    value.indicator.refresh_from_db()
    assert value.indicator.changed_by == editor


def test_a_part_cannot_be_moved_to_another_record(client, root):
    value = factories.make_indicator().values.get()
    draft = factories.make_indicator(state=State.DRAFT)
    data = form_data(client.get(page(value, "change"))) | {"indicator": draft.pk}

    client.post(page(value, "change"), data)

    value.refresh_from_db()
    assert value.indicator_id != draft.pk


@pytest.mark.parametrize("state", State.values)
def test_only_what_is_published_links_to_the_site(client, root, state):
    zone = factories.make_zone(state=state)

    html = client.get(page(zone, "change")).content.decode()

    assert (f'href="{zone.get_absolute_url()}"' in html) == (state == State.PUBLISHED)


def test_the_address_is_open_until_the_record_is_public(client, root):
    draft, public = factories.make_zone(state=State.DRAFT), factories.make_zone()

    assert "slug" in client.get(page(draft, "change")).context["adminform"].form.fields
    assert "slug" not in client.get(page(public, "change")).context["adminform"].form.fields


def test_a_tombstone_keeps_its_reason(client, publisher):
    zone = factories.make_zone(state=State.WITHDRAWN)
    data = form_data(client.get(page(zone, "change"))) | {
        "withdrawn_reason_en": "",
        "withdrawn_reason_zh": "",
    }

    response = client.post(page(zone, "change"), data)

    assert set(response.context["adminform"].form.errors) == {"withdrawn_reason_en", "withdrawn_reason_zh"}
