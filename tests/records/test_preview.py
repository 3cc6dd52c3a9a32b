"""Previews: the public page of what is not public yet, for staff alone and for no longer than one request."""

import pytest
from django.test import Client
from django.urls import reverse

from records.models import PendingChange, State, record_models
from tests import factories
from tests.records.staff import by_name, make_user, page, save
from zones.models import Zone

pytestmark = pytest.mark.django_db

UNPUBLISHED = [State.DRAFT, State.REVIEW, State.WITHDRAWN]


def preview_of(record, language="en"):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_preview", args=[record.pk, language])


def make(model, **overrides):
    name = "transport_link" if by_name(model) == "transportlink" else by_name(model)
    return getattr(factories, f"make_{name}")(**overrides)


@pytest.mark.parametrize("model", record_models(), ids=by_name)
def test_a_draft_of_every_kind_is_shown_as_its_public_page(client, editor, model):
    record = make(model, state=State.DRAFT, name_en="Zq Preview", name_zh="预览名")

    for language, lang, banner in (("en", "en", "Preview, not public."), ("zh-hans", "zh-Hans", "")):
        response = client.get(preview_of(record, language))
        html = response.content.decode()

        assert response.status_code == 200
        assert f'<html lang="{lang}">' in html
        assert banner in html
        assert 'class="preview-banner"' in html
        assert f'href="{page(record, "change")}"' in html
    record.refresh_from_db()
    assert record.state == State.DRAFT


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_a_preview_is_kept_by_nobody_and_changes_nothing(client, editor, state):
    zone = factories.make_zone(state=state, name_en="Zq Preview", city=factories.make_city(slug="here"))
    public = Client()
    addresses = [
        zone.get_absolute_url(),
        "/en/zones/",
        "/en/zones.csv",
        "/en/cities/here/",
        "/sitemap.xml",
    ]

    def crawl():
        answers = [public.get(address) for address in addresses]
        texts = [b"".join(one) if one.streaming else one.content for one in answers]
        # The page that there is none says the number of its own request.
        numbers = [one["X-Request-Id"].encode() for one in answers]
        return [
            (one.status_code, text.replace(number, b""))
            for one, text, number in zip(answers, texts, numbers, strict=True)
        ]

    before = crawl()
    response = client.get(preview_of(zone))

    assert "Zq Preview" in response.content.decode()
    assert set(response["Cache-Control"].split(", ")) >= {"private", "no-store"}
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "ETag" not in response
    assert crawl() == before
    zone.refresh_from_db()
    assert zone.state == state


def test_the_public_page_has_no_banner(client):
    zone = factories.make_zone()

    assert "preview-banner" not in client.get(zone.get_absolute_url()).content.decode()


def test_only_staff_of_the_territory_see_it(client):
    zone = factories.make_zone(state=State.DRAFT, name_en="Zq Preview")
    assert client.get(preview_of(zone)).status_code == 302
    client.force_login(make_user("editors", keeps=[factories.make_city()]))
    assert client.get(preview_of(zone)).status_code == 404
    client.force_login(make_user(is_superuser=False, username="nobody"))
    assert client.get(preview_of(zone)).status_code in (403, 404)
    client.force_login(make_user("publishers", keeps=[zone.city]))
    assert client.get(preview_of(zone)).status_code == 200


@pytest.mark.parametrize("language", ["xx", "zh", "EN"])
def test_there_is_none_in_other_languages(client, editor, language):
    assert client.get(preview_of(factories.make_zone(state=State.DRAFT), language)).status_code == 404


def test_a_pending_change_is_previewed_and_stays_pending(client, editor):
    zone = factories.make_zone(summary_en="As it was.", summary_zh="原样。")
    save(client, zone, summary_en="Zq better.")
    change = PendingChange.objects.get()

    html = client.get(reverse("admin:records_pendingchange_preview", args=[change.pk, "en"])).content.decode()

    assert "Zq better." in html
    assert "As it was." not in html
    assert 'class="preview-banner"' in html
    public = Client().get(zone.get_absolute_url()).content.decode()
    assert "As it was." in public
    assert "Zq better." not in public
    assert Zone.objects.get(pk=zone.pk).summary_en == "As it was."
