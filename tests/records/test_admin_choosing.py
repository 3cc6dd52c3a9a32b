"""A form that sends what is no key, or one that no row can have, comes back and says so."""

import pytest
from django.contrib.auth.models import Group

from projects.models import Project
from tests.factories import make_project, make_zone
from tests.fuzzing.forms import forms_of
from tests.records.staff import page

pytestmark = pytest.mark.django_db

NO_KEYS = ["on", "²", "1.5", "9" * 40, "-" + "9" * 40, "9" * 5000, "\0"]


@pytest.mark.parametrize("key", NO_KEYS, ids=lambda key: key[:6])
@pytest.mark.parametrize("field", ["sector", "city", "zone", "other_cities", "related"])
def test_a_choice_that_is_no_key_is_refused_beside_its_field_and_nothing_else_is_lost(
    client, root, field, key
):
    project = make_project(zone=make_zone())
    address = page(project, "change")
    form = next(
        form for form in forms_of(address, client.get(address).content.decode()) if field in form.names
    )
    sent = dict(form.fields) | {field: key, "summary_en": "What was typed."}
    answer = client.post(address, sent)
    assert answer.status_code == 200
    assert list(answer.context["errors"].data) != []
    assert field in answer.context["adminform"].form.errors
    assert "What was typed." in answer.content.decode()
    assert Project.objects.get(pk=project.pk).summary_en != "What was typed."


def test_what_is_a_key_is_saved(client, root):
    project, other = make_project(zone=make_zone()), make_project()
    address = page(project, "change")
    form = next(
        form for form in forms_of(address, client.get(address).content.decode()) if "related" in form.names
    )
    answer = client.post(address, dict(form.fields) | {"related": other.pk, "why": "It belongs to it."})
    assert answer.status_code == 302
    assert list(project.related.all()) == [other]


@pytest.mark.parametrize(
    ("kind", "field"), [("user", "groups"), ("user", "user_permissions"), ("group", "permissions")]
)
@pytest.mark.parametrize("key", ["on", "9" * 40])
def test_the_pages_of_accounts_refuse_the_same(client, root, kind, field, key):
    address = page(root if kind == "user" else Group.objects.get(name="editors"), "change")
    form = next(
        form for form in forms_of(address, client.get(address).content.decode()) if field in form.names
    )
    answer = client.post(address, dict(form.fields) | {field: key})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]


@pytest.mark.parametrize("role", ["change", "delete"])
@pytest.mark.parametrize("field", ["", "nothing"])
def test_a_row_is_not_found_by_what_is_no_field(client, root, role, field):
    address = page(make_project(), role)
    assert client.get(address, {"_to_field": field}).status_code == 400
    assert client.post(address, {"_to_field": field}).status_code == 400
    assert Project.objects.count() == 1
