"""Statements: one is adopted, ranges run upwards, and none gives away what is not public."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from records.dates import PartialDate
from records.models import Aspect, Source, State, Statement, carrying_models
from tests.factories import (
    make_aspect,
    make_city,
    make_cost,
    make_indicator,
    make_policy,
    make_prerequisite,
    make_procedure,
    make_procedure_rule,
    make_project,
    make_reform,
    make_region,
    make_source,
    make_statement,
    make_transport_link,
    make_zone,
)

pytestmark = pytest.mark.django_db

# For every model that carries statements: how to make a row in a state.
CARRIERS = {
    "zone": lambda state: make_zone(state=state),
    "region": lambda state: make_region(state=state),
    "project": lambda state: make_project(state=state),
    "procedure": lambda state: make_procedure(state=state),
    "procedurerule": lambda state: make_procedure_rule(make_procedure(state=state)),
    "prerequisite": lambda state: make_prerequisite(make_procedure(state=state), make_procedure()),
    "policy": lambda state: make_policy(state=state),
    "cost": lambda state: make_cost(state=state),
    "transportlink": lambda state: make_transport_link(state=state),
    "indicator": lambda state: make_indicator(state=state),
    "indicatorvalue": lambda state: make_indicator(state=state).values.get(),
    "reform": lambda state: make_reform(state=state),
    "reformaccount": lambda state: make_reform(state=state).accounts.get(),
    "reformevent": lambda state: make_reform(state=state).events.get(),
    "legaltext": lambda state: make_reform(state=state).legal_texts.get(),
    "reformcase": lambda state: make_reform(state=state).cases.get(),
}


def test_every_model_that_carries_statements_is_tested_here():
    assert {model._meta.model_name for model in carrying_models()} == {*CARRIERS, "city"}


@pytest.mark.parametrize("name", CARRIERS)
def test_statements_and_sources_of_hidden_records_are_hidden(name):
    aspect = make_aspect()
    made = {state: make_statement(CARRIERS[name](state), aspect=aspect) for state in State}
    assert list(Statement.objects.published()) == [made[State.PUBLISHED]]
    assert list(Source.objects.published()) == [made[State.PUBLISHED].source]


def test_what_is_said_of_a_city_is_public_as_cities_are():
    statement = make_statement(make_city())
    assert list(Statement.objects.published()) == [statement]


def test_a_row_of_another_kind_with_the_same_id_lends_no_publicity():
    draft = make_zone(state=State.DRAFT)
    public = make_project(pk=draft.pk)
    make_statement(draft)
    statement = make_statement(public)
    assert list(Statement.objects.published()) == [statement]


def test_a_source_of_a_draft_and_of_a_public_record_is_public():
    source = make_source()
    make_statement(make_zone(state=State.DRAFT), source=source)
    make_statement(make_zone(), source=source)
    make_source()
    assert list(Source.objects.published()) == [source]


def test_one_statement_of_an_aspect_is_adopted_and_no_second():
    zone, aspect = make_zone(), make_aspect()
    make_statement(zone, aspect=aspect)
    make_statement(zone, aspect=aspect, adopted=False)
    make_statement(zone, aspect=aspect, adopted=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_statement(zone, aspect=aspect)
    assert zone.statements.count() == 3


def test_adopting_a_second_is_refused_with_words():
    zone, aspect = make_zone(), make_aspect()
    make_statement(zone, aspect=aspect)
    second = make_statement(zone, aspect=aspect, adopted=False)
    second.adopted = True
    with pytest.raises(ValidationError, match="Another statement on this aspect is adopted already"):
        second.full_clean()


def test_each_record_and_each_aspect_has_its_own_adopted_statement():
    aspect = make_aspect()
    zone = make_zone()
    make_statement(zone, aspect=aspect)
    make_statement(zone, aspect=make_aspect())
    make_statement(make_zone(), aspect=aspect)
    assert Statement.objects.filter(adopted=True).count() == 3


def test_several_texts_of_one_aspect_are_adopted_at_positions_of_their_own():
    zone, remark = make_zone(), make_aspect(kind=Aspect.Kind.TEXT)
    make_statement(zone, aspect=remark, position=0)
    make_statement(zone, aspect=remark, position=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_statement(zone, aspect=remark, position=1)


def test_a_range_runs_upwards():
    zone, aspect = make_zone(), make_aspect()
    make_statement(zone, aspect=aspect, number=Decimal("2"), number_max=Decimal("2"))
    with pytest.raises(IntegrityError, match="range_in_order"), transaction.atomic():
        make_statement(zone, aspect=aspect, number=Decimal("2"), number_max=Decimal("1"), adopted=False)
    with pytest.raises(ValidationError) as refused:
        Statement(record=zone, aspect=aspect, source=make_source(), number=2, number_max=1).full_clean()
    assert refused.value.messages == ["The upper end lies below the lower one."]


def test_a_range_needs_a_lower_end():
    statement = Statement(
        record=make_zone(), aspect=make_aspect(), source=make_source(), number_max=Decimal("3")
    )
    with pytest.raises(ValidationError) as refused:
        statement.full_clean()
    assert refused.value.message_dict["number"] == ["Give the lower end of the range."]


@pytest.mark.parametrize("kind", [Aspect.Kind.TEXT, Aspect.Kind.DATE, Aspect.Kind.CHOICE])
def test_an_aspect_of_another_kind_takes_no_number(kind):
    statement = Statement(
        record=make_zone(), aspect=make_aspect(kind=kind), source=make_source(), number=Decimal("3")
    )
    with pytest.raises(ValidationError) as refused:
        statement.full_clean()
    assert refused.value.message_dict == {"number": ["This aspect takes no number."]}


@pytest.mark.parametrize("kind", [Aspect.Kind.TEXT, Aspect.Kind.NUMBER, Aspect.Kind.CHOICE])
def test_an_aspect_of_another_kind_takes_no_date(kind):
    statement = Statement(
        record=make_zone(), aspect=make_aspect(kind=kind), source=make_source(), date=PartialDate("2021")
    )
    with pytest.raises(ValidationError) as refused:
        statement.full_clean()
    assert refused.value.message_dict == {"date": ["This aspect takes no date."]}


def test_sources_and_aspects_in_use_cannot_be_deleted():
    statement = make_statement(make_zone())
    for row in (statement.source, statement.aspect):
        with pytest.raises(Exception, match="protected foreign keys"):
            row.delete()
    assert Statement.objects.get() == statement


def test_a_deleted_draft_takes_its_statements_along():
    draft = make_zone(state=State.DRAFT)
    make_statement(draft)
    kept = make_statement(make_zone())
    draft.delete()
    assert list(Statement.objects.all()) == [kept]


def test_a_link_needs_an_address():
    with pytest.raises(IntegrityError, match="source_link_needs_url"), transaction.atomic():
        make_source(url="", link_ok=True)
    assert make_source(url="https://copy.example/", link_ok=False).link == ""
    assert make_source(url="https://paper.example/").link == "https://paper.example/"
