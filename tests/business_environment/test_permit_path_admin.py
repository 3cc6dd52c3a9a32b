"""The rules of the permit path as staff keep them: in the admin and in data files."""

import re
from html import unescape

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from business_environment.models import (
    PathAnswer,
    PathQuestion,
    Prerequisite,
    Procedure,
    ProcedureRule,
)
from records.models import State, Statement
from tests import factories as make
from tests.records.staff import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    return sign_in(client, "editors")


@pytest.fixture
def publisher(client):
    return sign_in(client, "publishers")


def sign_in(client, group):
    user = make_user(group)
    client.force_login(user)
    return user


def page(row_or_model, role):
    args = [row_or_model.pk] if role in ("change", "delete") else []
    name = f"{row_or_model._meta.app_label}_{row_or_model._meta.model_name}_{role}"
    return reverse(f"admin:{name}", args=args)


def form_data(response):
    """What a browser would post back from a page that is left as it is."""
    context, data = response.context, {}
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.initial_forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = "on" if value is True else value
    return data


def save(client, row, changes):
    """Change some fields of a row on its page."""
    data = form_data(client.get(page(row, "change"))) | changes
    return client.post(page(row, "change"), data, follow=True)


def said(response):
    """The problems named on a page of the admin."""
    context = response.context
    errors = list(context["errors"]) if "errors" in context else []
    return [unescape(re.sub(r"<[^>]+>", "", str(text))) for text in errors]


def three_in_a_row():
    """a before b before c."""
    a, b, c = (make.make_procedure(name_en=name) for name in ("Alpha", "Beta", "Gamma"))
    make.make_prerequisite(b, a)
    make.make_prerequisite(c, b)
    return a, b, c


CIRCLE = "The steps would wait for each other: Alpha → Beta → Gamma → Alpha."


def new_prerequisite(needs):
    """Fields of one more row on the page of a procedure without any."""
    return {
        "prerequisites-TOTAL_FORMS": "1",
        "prerequisites-INITIAL_FORMS": "0",
        "prerequisites-0-needs": needs.pk,
        "prerequisites-0-reason_en": "So it is.",
        "prerequisites-0-reason_zh": "如此。",
    }


# Circles


def test_a_circle_is_refused_on_the_page_of_the_procedure_with_its_path(client, editor):
    a, _b, c = three_in_a_row()
    response = save(client, a, new_prerequisite(c))
    assert said(response) == [CIRCLE]
    assert not a.prerequisites.exists()


def test_a_circle_is_refused_on_the_page_of_the_rule_with_its_path(client, editor):
    a, _b, c = three_in_a_row()
    other = make.make_prerequisite(a, make.make_procedure())
    response = save(client, other, {"needs": c.pk})
    assert said(response) == [CIRCLE]
    other.refresh_from_db()
    assert other.needs != c


def test_a_step_cannot_wait_for_itself(client, editor):
    a = make.make_procedure(name_en="Alpha")
    response = save(client, a, new_prerequisite(a))
    assert said(response) == ["The steps would wait for each other: Alpha → Alpha."]
    data = {"procedure": a.pk, "needs": a.pk, **no_statements()}
    response = client.post(page(Prerequisite, "add"), data)
    assert said(response) == ["The steps would wait for each other: Alpha → Alpha."]
    assert not Prerequisite.objects.exists()


def test_a_row_can_make_room_for_another(client, publisher):
    a, b, c = three_in_a_row()
    old = c.prerequisites.get()
    changes = {
        "prerequisites-TOTAL_FORMS": "2",
        "prerequisites-0-DELETE": "on",
        "prerequisites-1-needs": a.pk,
        "prerequisites-1-procedure": c.pk,
        "prerequisites-1-is_reading": "on",
    }
    response = save(client, c, changes)
    assert said(response) == []
    assert [(row.needs, row.is_reading) for row in c.prerequisites.all()] == [(a, True)]
    assert not Prerequisite.objects.filter(pk=old.pk).exists()
    # Now b may wait for c: the circle is gone with the row.
    response = save(client, b, {"prerequisites-0-needs": c.pk})
    assert said(response) == []
    assert [row.needs for row in b.prerequisites.all()] == [c]


def no_statements():
    prefix = "records-statement-content_type-object_id"
    return {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}


# Rules


def test_an_editor_makes_a_procedure_a_step_without_a_programmer(client, editor):
    procedure = make.make_procedure(state=State.DRAFT)
    answer = make.make_path_answer(make.make_path_question(label_en="What?"), label_en="This")
    form = client.get(page(procedure, "change")).content.decode()
    assert "What?: This" in form
    changes = {
        "rules-TOTAL_FORMS": "1",
        "rules-INITIAL_FORMS": "0",
        "rules-0-answers": [answer.pk],
        "rules-0-reason_en": "The law says so.",
        "rules-0-is_reading": "on",
    }
    response = save(client, procedure, changes)
    assert said(response) == []
    rule = procedure.rules.get()
    assert (list(rule.answers.all()), rule.reason_en, rule.is_reading) == ([answer], "The law says so.", True)


def test_a_rule_of_a_public_procedure_can_go_with_its_statements(client, publisher):
    procedure = make.make_procedure(state=State.PUBLISHED)
    rule = make.make_procedure_rule(procedure)
    make.make_statement(rule)
    response = client.post(page(rule, "delete"), {"post": "yes"}, follow=True)
    assert response.status_code == 200
    assert not ProcedureRule.objects.exists()
    assert not Statement.objects.exists()
    procedure.refresh_from_db()
    assert procedure.changed_by == publisher


def test_the_new_fields_of_a_procedure_are_on_its_page(client, publisher):
    procedure = make.make_procedure()
    changes = {
        "result_en": "A permit",
        "recourse_en": "The city government",
        "certified_by_en": "The office",
        "certified_on": "2026-03-02",
    }
    assert said(save(client, procedure, changes)) == []
    saved = Procedure.objects.values("result_en", "recourse_en", "certified_by_en").get(pk=procedure.pk)
    assert saved == {name: changes[name] for name in saved}


# Questions


def test_an_answer_that_a_rule_names_is_kept_with_a_clear_message(client, publisher):
    answer = make.make_path_answer(label_en="Rented")
    spare = make.make_path_answer(answer.question, label_en="Spare")
    make.make_procedure_rule(make.make_procedure(name_en="Filing"), answer)
    response = save(client, answer.question, {"answers-0-DELETE": "on", "answers-1-DELETE": "on"})
    assert said(response) == ["“Rented” cannot be deleted: a rule of Filing names it."]
    assert PathAnswer.objects.count() == 2
    response = save(client, answer.question, {"answers-1-DELETE": "on"})
    assert said(response) == []
    assert not PathAnswer.objects.filter(pk=spare.pk).exists()


def test_a_question_whose_answer_a_rule_names_is_kept(client, publisher):
    answer, unused = make.make_path_answer(), make.make_path_answer()
    make.make_procedure_rule(make.make_procedure(name_en="Filing"), answer)
    response = client.post(page(answer.question, "delete"), {"post": "yes"})
    assert response.status_code == 200
    assert "Filing" in response.content.decode()
    data = {
        "action": "delete_selected",
        "_selected_action": [answer.question_id, unused.question_id],
        "post": "yes",
    }
    client.post(page(PathQuestion, "changelist"), data)
    assert PathQuestion.objects.count() == 2
    client.post(page(unused.question, "delete"), {"post": "yes"})
    assert list(PathQuestion.objects.all()) == [answer.question]
    for rows in (answer, answer.question, PathQuestion.objects.all(), PathAnswer.objects.all()):
        with pytest.raises(ProtectedError):
            rows.delete()


def test_keys_that_stand_in_addresses_stay(client, publisher):
    answer = make.make_path_answer()
    question = answer.question
    save(client, question, {"slug": "other", "answers-0-slug": "other", "answers-0-label_en": "New words"})
    question.refresh_from_db()
    assert (question.slug, question.answers.get().slug) == (question.slug, answer.slug)
    assert question.answers.get().label_en == "New words"


def test_editors_may_look_at_questions_only(client, editor):
    question = make.make_path_answer().question
    assert client.get(page(question, "change")).status_code == 200
    assert client.post(page(question, "delete"), {"post": "yes"}).status_code == 403
