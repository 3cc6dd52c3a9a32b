"""Every page of the admin, for every model and every role."""

from html import unescape

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from business_environment.models import PathAnswer
from records.models import LoadedRecord, Note, PendingChange, StaleTranslation, Version, record_models
from tests import factories
from tests.records.staff import (
    OUR_APPS,
    OUR_MODELS,
    WITHOUT_ADD,
    by_name,
    form_data,
    make_row,
    page,
)
from zones.models import Territory, Zone

pytestmark = pytest.mark.django_db


# On the page of a record or a person, or what the site itself writes down for them.
WITHOUT_PAGE = {Note, PathAnswer, PendingChange, StaleTranslation, Territory, Version}


def test_every_model_has_a_page_or_stands_on_that_of_what_it_belongs_to():
    ours = {model for label in OUR_APPS for model in apps.get_app_config(label).get_models()}
    inlines = {inline.model for model in OUR_MODELS for inline in admin.site._registry[model].inlines}

    assert ours - set(OUR_MODELS) == WITHOUT_PAGE
    assert PathAnswer in inlines


# What a page asks of the database is the same in either language.
@pytest.mark.parametrize("language", ["en", pytest.param("zh-hans", marks=pytest.mark.sqlite)])
@pytest.mark.parametrize("model", OUR_MODELS, ids=by_name)
def test_every_page_opens(client, root, model, language):
    row = make_row(model)
    if hasattr(row, "statements") and by_name(model) != "source":
        factories.make_statement(row)
    roles = {"changelist": model, "change": row} | ({} if by_name(model) in WITHOUT_ADD else {"add": model})

    for role, target in roles.items():
        response = client.get(page(target, role), headers={"accept-language": language})

        assert response.status_code == 200, role


@pytest.mark.parametrize("model", OUR_MODELS, ids=by_name)
def test_every_page_of_an_editor_opens_or_is_refused(client, editor, model):
    row = make_row(model)

    for role, target in {"changelist": model, "change": row, "add": model}.items():
        assert client.get(page(target, role)).status_code in (200, 403), role


@pytest.mark.parametrize("model", OUR_MODELS, ids=by_name)
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(client, root, model):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(page(model, "changelist"))
        return [query["sql"] for query in captured]

    # A filter of one value is not shown, and one that is shown counts its values.
    for _number in range(2):
        factories.make_city()
        factories.make_industry()
        factories.make_reform(parts=False)
    make_row(model)
    queries()  # content types are read once in the life of a process
    one = queries()
    make_row(model)
    make_row(model)
    three = queries()

    assert len(three) == len(one), "\n".join(three)


@pytest.mark.parametrize("model", OUR_MODELS, ids=by_name)
def test_every_list_can_be_searched(client, root, model):
    make_row(model)

    assert client.get(page(model, "changelist"), {"q": "zone 区"}).status_code == 200


@pytest.mark.parametrize("model", record_models(), ids=by_name)
def test_a_page_left_as_it_is_can_be_saved(client, root, model):
    row = make_row(model)
    factories.make_statement(row)

    response = client.post(page(row, "change"), form_data(client.get(page(row, "change"))))

    assert response.status_code == 302, response.context["errors"]
    assert row.statements.filter(adopted=True).count() == 1


PARTS_AND_OTHERS = [model for model in OUR_MODELS if model not in (*record_models(), LoadedRecord)]


@pytest.mark.parametrize("model", PARTS_AND_OTHERS, ids=by_name)
def test_a_page_of_anything_else_left_as_it_is_can_be_saved(client, root, model):
    row = make_row(model)

    response = client.post(page(row, "change"), form_data(client.get(page(row, "change"))))

    assert response.status_code == 302, response.context["errors"]


def test_no_page_has_inline_script_or_style(client, root):
    zone = make_row(Zone)
    factories.make_statement(zone)

    for address in (page(Zone, "changelist"), page(zone, "change"), page(Zone, "add")):
        html = client.get(address).content.decode()

        assert " style=" not in html
        assert " onclick=" not in html
        assert "<style" not in html
        assert "<script>" not in html


def test_what_the_loader_wrote_is_for_reading_only(client, root):
    loaded = make_row(LoadedRecord)

    assert client.get(page(LoadedRecord, "add")).status_code == 403
    assert client.post(page(loaded, "change"), {"slug": "other"}).status_code == 403
    assert client.get(page(loaded, "delete")).status_code == 403
    assert "名" in unescape(client.get(page(loaded, "change")).content.decode())
