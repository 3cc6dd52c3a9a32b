"""Statements in the admin: with their record and on their own."""

import pytest

from records.models import State
from tests import factories
from tests.records.staff import (
    form_data,
    page,
    statements_prefix,
)

pytestmark = pytest.mark.django_db


def add_statement(client, record, **fields):
    """Post the page of a record with one statement more."""
    response = client.get(page(record, "change"))
    prefix, data = statements_prefix(response), form_data(response)
    number = data[f"{prefix}-TOTAL_FORMS"]
    data[f"{prefix}-TOTAL_FORMS"] = number + 1
    data |= {f"{prefix}-{number}-{name}": value for name, value in ({"position": 0} | fields).items()}
    return client.post(page(record, "change"), data)


def test_a_statement_is_saved_with_its_record(client, editor):
    zone = factories.make_zone(state=State.DRAFT)
    aspect, source = factories.make_aspect(), factories.make_source()

    add_statement(
        client, zone, aspect=aspect.pk, source=source.pk, number="12.5", adopted="on", checked_on="2026-03-06"
    )

    statement = zone.statements.get()
    assert (statement.aspect, statement.source, statement.number, statement.adopted) == (
        aspect,
        source,
        12.5,
        True,
    )
    assert statement.checked_by == editor


def test_a_second_adopted_statement_is_refused_with_its_reason(client, root):
    zone = factories.make_zone()
    first = factories.make_statement(zone)

    response = add_statement(
        client, zone, aspect=first.aspect.pk, source=first.source.pk, number="7", adopted="on"
    )

    assert "Another statement on this aspect is adopted already." in response.content.decode()
    assert zone.statements.get() == first


def test_another_statement_is_adopted_in_one_go(client, root):
    zone, aspect = factories.make_zone(), factories.make_aspect()
    old, new = (factories.make_statement(zone, aspect=aspect, adopted=adopted) for adopted in (True, False))
    response = client.get(page(zone, "change"))
    prefix, data = statements_prefix(response), form_data(response)
    keys = {data[f"{prefix}-{number}-id"]: number for number in range(2)}
    del data[f"{prefix}-{keys[old.pk]}-adopted"]
    data[f"{prefix}-{keys[new.pk]}-adopted"] = "on"

    client.post(page(zone, "change"), data | {"why": "The newer of the two."})

    assert zone.statements.get(adopted=True) == new


def test_two_adopted_statements_change_places_in_one_go(client, root):
    zone, aspect = factories.make_zone(), factories.make_aspect(kind="text")
    first, second = (factories.make_statement(zone, aspect=aspect, position=position) for position in (0, 1))
    response = client.get(page(zone, "change"))
    prefix, data = statements_prefix(response), form_data(response)
    for number in range(2):
        data[f"{prefix}-{number}-position"] = 1 - data[f"{prefix}-{number}-position"]

    client.post(page(zone, "change"), data)

    assert list(zone.statements.order_by("position")) == [second, first]
    assert zone.statements.filter(adopted=True).count() == 2


def test_a_second_adopted_statement_is_refused_on_its_own_page(client, root):
    zone, aspect = factories.make_zone(), factories.make_aspect()
    factories.make_statement(zone, aspect=aspect)
    other = factories.make_statement(zone, aspect=aspect, adopted=False)
    data = form_data(client.get(page(other, "change"))) | {"adopted": "on"}

    response = client.post(page(other, "change"), data)

    assert response.context["adminform"].form.errors["adopted"]


def test_a_source_lists_what_it_bears_out(client, root):
    zone = factories.make_zone()
    statement = factories.make_statement(zone)

    html = client.get(page(statement.source, "change")).content.decode()

    assert f'<a href="{page(zone, "change")}">{zone}</a>' in html
