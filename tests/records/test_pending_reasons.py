"""Why a published figure changes: asked for on the form, and where a part comes or goes on its own page."""

import pytest

from business_environment.models import IndicatorValue
from projects.models import Milestone
from records.models import PendingChange, State, Statement, Version
from tests import factories
from tests.records.proposing import decide
from tests.records.staff import act, form_data, make_user, page, save, statements_prefix

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return factories.make_zone(summary_en="As it was.", summary_zh="原样。", county_en="Lucheng")


def test_a_published_figure_is_not_changed_without_saying_why(client, zone):
    statement = factories.make_statement(zone, number=37)
    client.force_login(make_user("editors", username="author"))
    response = client.get(page(zone, "change"))
    number = f"{statements_prefix(response)}-0-number"
    data = form_data(response) | {number: "239", "summary_en": "Typed."}

    refused = client.post(page(zone, "change"), data)

    html = refused.content.decode()
    assert refused.status_code == 200
    assert "Say why: a published figure changes" in html
    assert 'value="239"' in html
    assert "Typed." in html
    assert not PendingChange.objects.exists()
    client.post(page(zone, "change"), form_data(refused) | data | {"why": "New plan."})
    assert (
        PendingChange.objects.get().content["children"]["statements"][0]["fields"]["number"] == "239.000000"
    )
    statement.refresh_from_db()
    assert statement.number == 37


def test_parts_of_a_public_record_wait_as_well(client):
    project = factories.make_project()
    changed, deleted = factories.make_milestone(project), factories.make_milestone(project)
    client.force_login(make_user("editors", username="author"))

    save(client, changed, text_en="Roof closed.")
    client.post(page(deleted, "delete"), {"post": "yes"})
    added = form_data(client.get(page(Milestone, "add")))
    added |= {"project": project.pk, "kind": changed.kind, "date": "2026-05", "text_en": "Opened."}
    client.post(page(Milestone, "add"), added)

    changed.refresh_from_db()
    assert changed.text_en != "Roof closed."
    assert Milestone.objects.count() == 2
    change = PendingChange.objects.get()
    decide(client, change, "approve")
    texts = set(Milestone.objects.values_list("text_en", flat=True))
    assert texts == {"Roof closed.", "Opened."}
    assert not Milestone.objects.filter(pk=deleted.pk).exists()


def add_value(client, indicator, **fields):
    address = page(IndicatorValue, "add")
    data = form_data(client.get(address)) | {
        "indicator": indicator.pk,
        "slug": "gdp-2026",
        "period": "2026",
        "number": "7.7",
        "unit": indicator.unit,
    }
    return client.post(address, data | fields)


def test_a_figure_that_comes_on_a_page_of_its_own_needs_a_reason(client):
    indicator = factories.make_indicator(values=0)
    client.force_login(make_user("publishers"))

    refused = add_value(client, indicator)
    html = refused.content.decode()
    assert (refused.status_code, IndicatorValue.objects.count()) == (200, 0)
    assert "Say why: a published figure changes" in html
    assert 'value="7.7"' in html
    assert 'name="why"' in html

    assert add_value(client, indicator, why="The yearbook is out.").status_code == 302
    assert Version.objects.of(indicator).first().why == "The yearbook is out."
    draft = factories.make_indicator(values=0, state=State.DRAFT)
    assert add_value(client, draft, slug="gdp-2027").status_code == 302


def test_of_an_editor_it_waits_with_its_reason(client):
    indicator = factories.make_indicator(values=0)
    client.force_login(make_user("editors"))

    assert "Say why" in add_value(client, indicator).content.decode()
    assert not PendingChange.objects.exists()
    assert add_value(client, indicator, why="The yearbook is out.").status_code == 302
    assert (PendingChange.objects.get().why, IndicatorValue.objects.count()) == ("The yearbook is out.", 0)


def test_a_figure_that_goes_on_a_page_of_its_own_needs_a_reason(client, zone):
    statement = factories.make_statement(zone, number=37)
    client.force_login(make_user(is_superuser=True))
    assert 'name="why"' in client.get(page(statement, "delete")).content.decode()

    refused = client.post(page(statement, "delete"), {"post": "yes"})
    assert "Say why: a published figure changes" in refused.content.decode()
    assert Statement.objects.filter(pk=statement.pk).exists()

    client.post(page(statement, "delete"), {"post": "yes", "why": "Counted twice."})
    assert not Statement.objects.exists()
    assert Version.objects.of(zone).first().why == "Counted twice."


def delete_several(client, *rows, **more):
    return act(client, "delete_selected", *rows, **more)


def test_several_figures_go_only_with_a_reason(client, root, zone):
    some = [factories.make_statement(zone, number=number) for number in (37, 38)]
    asked = delete_several(client, *some)

    refused = delete_several(client, *some, post="yes")

    assert 'name="why"' in asked.content.decode()
    html = refused.content.decode()
    assert "Say why: a published figure changes" in html
    assert "Successfully deleted" not in html
    assert Statement.objects.count() == 2
    delete_several(client, *some, post="yes", why="Of another zone.")
    assert Statement.objects.count() == 0
    assert Version.objects.latest("pk").why == "Of another zone."


def test_several_figures_of_a_draft_go_without_a_reason(client, root):
    statement = factories.make_statement(factories.make_zone(state=State.DRAFT))
    assert 'name="why"' not in delete_several(client, statement).content.decode()
    delete_several(client, statement, post="yes")
    assert not Statement.objects.exists()


def test_an_editor_takes_nothing_out_of_a_public_record_by_a_list(client, zone):
    statement = factories.make_statement(zone, number=37)
    client.force_login(make_user("editors"))
    delete_several(client, statement, post="yes", why="Of another zone.")
    assert Statement.objects.exists()
