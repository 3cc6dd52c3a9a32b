"""What holds of every kind of record: what is public, what the database refuses, what is never deleted."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import override

from records.models import Record, State, record_models
from tests import factories
from tests.factories import make_project, make_zone
from zones.models import Zone

pytestmark = pytest.mark.django_db

MODELS = record_models()
every_kind = pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])


def make(model, **overrides):
    """A row of any kind of record."""
    words = "".join(f"_{char.lower()}" if char.isupper() else char for char in model.__name__)
    return getattr(factories, f"make{words}")(**overrides)


def test_there_are_nine_kinds_of_record():
    assert {model.__name__ for model in MODELS} == {
        "Zone", "Region", "Project", "Reform", "Procedure", "Policy", "Indicator", "Cost", "TransportLink",
    }  # fmt: skip


@every_kind
def test_only_published_rows_are_public(model):
    rows = {state: make(model, state=state) for state in State}
    assert list(model.objects.published()) == [rows[State.PUBLISHED]]
    assert list(model.objects.withdrawn()) == [rows[State.WITHDRAWN]]
    assert [state for state, row in rows.items() if row.is_public] == [State.PUBLISHED]


@every_kind
def test_a_new_row_is_a_draft(model):
    assert model().state == State.DRAFT


@every_kind
def test_the_database_refuses_a_record_without_a_name(model):
    make(model, name_en="")
    make(model, name_zh="")
    with pytest.raises(IntegrityError, match="has_a_name"), transaction.atomic():
        make(model, name_en="", name_zh="")
    assert model.objects.count() == 2


@every_kind
@pytest.mark.parametrize(
    "missing",
    [
        {"withdrawn_on": None},
        {"withdrawn_reason_en": "", "withdrawn_reason_zh": ""},
    ],
    ids=["day", "reason"],
)
def test_the_database_refuses_a_withdrawal_without_day_or_reason(model, missing):
    with pytest.raises(IntegrityError, match="withdrawn_with_reason"), transaction.atomic():
        make(model, state=State.WITHDRAWN, **missing)
    assert not model.objects.exists()


@every_kind
def test_a_reason_in_one_language_is_enough(model):
    make(model, state=State.WITHDRAWN, withdrawn_reason_zh="")
    assert model.objects.withdrawn().count() == 1


@every_kind
def test_the_form_says_what_the_database_would_refuse(model):
    row = make(model)
    row.name_en = row.name_zh = ""
    row.state = State.WITHDRAWN
    with override("en"), pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert sorted(refused.value.message_dict["__all__"]) == [
        "A withdrawn record needs the day and the reason of its withdrawal.",
        "Give a name in at least one language.",
    ]


@every_kind
def test_two_records_of_a_kind_cannot_have_one_address(model):
    make(model, slug="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        make(model, slug="same")


@every_kind
@pytest.mark.parametrize("state", [State.PUBLISHED, State.WITHDRAWN])
def test_what_was_public_cannot_be_deleted(model, state):
    row = make(model, state=state)
    with pytest.raises(ProtectedError, match="Withdraw a published record"):
        row.delete()
    with pytest.raises(ProtectedError, match="Withdraw a published record"):
        model.objects.filter(pk=row.pk).delete()
    assert list(model.objects.all()) == [row]


@every_kind
@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW])
def test_what_was_never_public_can_be_deleted(model, state):
    kept = make(model)
    make(model, state=state).delete()
    make(model, state=state)
    model.objects.exclude(pk=kept.pk).delete()
    assert list(model.objects.all()) == [kept]


def test_one_published_record_saves_all_from_a_deletion():
    rows = [make_zone(state=state) for state in (State.DRAFT, State.PUBLISHED, State.REVIEW)]
    with pytest.raises(ProtectedError) as refused:
        Zone.objects.all().delete()
    assert refused.value.protected_objects == [rows[1]]
    assert set(Zone.objects.all()) == set(rows)


def test_a_city_with_zones_cannot_be_deleted():
    zone = make_zone()
    with pytest.raises(ProtectedError):
        zone.city.delete()
    assert list(Zone.objects.all()) == [zone]


def test_a_draft_that_others_refer_to_cannot_be_deleted():
    draft = make_zone(state=State.DRAFT)
    make_project(zone=draft)
    with pytest.raises(ProtectedError):
        draft.delete()
    assert list(Zone.objects.all()) == [draft]


@every_kind
def test_due_are_published_records_whose_day_has_come(model):
    today = datetime.date(2026, 3, 6)
    day = datetime.timedelta(days=1)
    due = [make(model, check_due_on=today - day), make(model, check_due_on=today)]
    make(model, check_due_on=today + day)
    make(model, check_due_on=None)
    make(model, check_due_on=today, state=State.DRAFT)
    make(model, check_due_on=today, state=State.WITHDRAWN)
    assert set(model.objects.due(today)) == set(due)


@every_kind
def test_a_missing_name_falls_back_to_the_other_language_visibly(model):
    row = make(model, name_en="", name_zh="只有中文")
    with override("en"):
        assert (str(row), row.name.lang, row.name.is_fallback, row.other_name) == (
            "只有中文",
            "zh-Hans",
            True,
            "只有中文",
        )
    with override("zh-hans"):
        assert (str(row), row.name.is_fallback, row.other_name) == ("只有中文", False, "")


def test_names_that_we_translated_are_marked_for_the_reader_who_sees_them():
    zone = make_zone(name_en="Ours", name_zh="原名", name_en_translated=True)
    with override("en"):
        assert zone.name_is_translated
    with override("zh-hans"):
        assert not zone.name_is_translated


@every_kind
def test_every_kind_of_record_can_be_searched_and_has_an_address(model):
    row = make(model, name_en="Unmistakable", name_zh="绝无仅有")
    make(model)
    assert list(model.objects.search("unmistak")) == [row]
    assert list(model.objects.search("仅有")) == [row]
    with override("en"):
        assert row.get_absolute_url().startswith("/en/")


def test_abstract_record_has_no_rows_of_its_own():
    assert Record._meta.abstract
