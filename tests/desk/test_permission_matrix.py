"""Every role at every address and action of the administration, inside and outside its territory.

What may be done is the table “Who may do what” of docs/editing.md, which is read here: the two have to be
equal. An address or an action that is neither tried nor explained fails.
"""

import json

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import AnonymousUser, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from django.urls import URLPattern

from desk.answers import name_of
from desk.imports.kinds import SHEETS, sheet_of
from desk.models import Finding, Import, ImportState
from projects.models import Project
from records import pending
from records.admin import StaffAdmin
from records.models import (
    Note,
    PendingChange,
    PendingState,
    Record,
    Source,
    StaleTranslation,
    State,
    Statement,
)
from records.snapshots import taken
from tests.desk.permissions import (
    Ground,
    Visitor,
    asking_field,
    base,
    places_of,
    the_table,
    without_templates,
)
from tests.desk.spreadsheets import cells_of, delimited
from tests.records.staff import make_user
from zones.models import Zone

# Whose row is whose is asked of both databases in tests/records/test_territories.py.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# Columns of the table: the group, and what is kept.
ROLES = {
    "editor of a zone": ("editors", "zone"),
    "editor of a city": ("editors", "city"),
    "editor of the province": ("editors", "province"),
    "publisher of a city": ("publishers", "city"),
    "publisher of the province": ("publishers", "province"),
}
REASONS = {"reason_en": "Counted twice.", "reason_zh": "重复计算。", "day": "2026-03-06", "confirmed": "1"}
DRAFT, REVIEW, PUBLIC = ({"state": state} for state in (State.DRAFT, State.REVIEW, State.PUBLISHED))
# The actions of records: the state before, that after, and what is asked besides.
CHANGING = {
    "submit_for_review": (DRAFT, REVIEW, {}),
    "still_true": (DRAFT | {"checked_on": None}, {"checked_on__isnull": False}, {}),
}
PUBLISHING = {
    "publish": (REVIEW, PUBLIC, {}),
    "withdraw": (PUBLIC, {"state": State.WITHDRAWN}, REASONS),
    "send_back_to_draft": (REVIEW, DRAFT, {}),
}


@pytest.fixture(scope="module")
def ground(django_db_setup, django_db_blocker):
    """One of each kind inside and outside, for the tests of this module."""
    templates = override_settings(TEMPLATES=without_templates(), AFTER_CHANGES="")
    with django_db_blocker.unblock(), transaction.atomic(), templates:
        yield Ground()
        transaction.set_rollback(True)


# How each deed is tried on one row: every way to it has to say the same


def seen(visitor, row):
    name = base(type(row))
    ways = {
        "list": row.pk in visitor.listed(type(row)),
        "page": visitor.opens(f"{name}_change", row.pk),
        "history": visitor.opens(f"{name}_history", row.pk),
    }
    if isinstance(row, Record | PendingChange):
        ways["preview"] = visitor.opens(f"{name}_preview", row.pk, "en")
    field = asking_field(type(row))
    if field and admin.site._registry[type(row)].search_fields and not isinstance(row, User):
        ways["suggestions"] = row.pk in suggested(visitor, field)
    return ways


def suggested(visitor, field, term=""):
    opts = field.model._meta
    query = {
        "app_label": opts.app_label,
        "model_name": opts.model_name,
        "field_name": field.name,
        "term": term,
    }
    answer = visitor.ask("autocomplete", query=query)
    return {int(row["id"]) for row in json.loads(answer.content)["results"]} if answer else set()


def changed(visitor, row):
    name = base(type(row))
    ways = {"form": visitor.takes(f"{name}_change", row.pk, data={}) is not None}
    if isinstance(row, Record | Source):
        ways["version brought back"] = visitor.opens(f"{name}_bring_back", row.pk, 1)
    if isinstance(row, Record):
        notes = Note.objects.filter(object_id=row.pk, text="Look at this.")
        ways["note"] = visitor.does(
            f"{name}_move", row.pk, data={"note": "Look at this."}, done=lambda: notes.exists()
        )
        for action, (before, after, fields) in CHANGING.items():
            ways[action] = visitor.acts(action, row, before, after, **fields)
    if isinstance(row, User):
        ways["password"] = visitor.opens("auth_user_password_change", row.pk)
    return ways


def added(visitor, row):
    """Whether one like this can be added where it lies."""
    opens = visitor.can_open_form(type(row))
    answer = visitor.takes(f"{base(type(row))}_add", data=places_of(row))
    wrong = wrong_in(answer) if answer and answer.status_code == 200 else {}
    ways = {"form": answer is not None and not set(places_of(row)) & set(wrong)}
    # Its page opens for whoever can add one somewhere.
    return ways if opens else ways | {"page": opens}


def wrong_in(page):
    """The errors of the form on a page; our own page for an import has one without a fieldset."""
    shown = page.context_data
    return (shown["adminform"].form if "adminform" in shown else shown["form"]).errors


def deleted(visitor, row):
    """Whether it would go, were it not for other rows that name it."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    name = f"{base(type(row))}_delete"
    if visitor.does(name, row.pk, data={"post": "yes"}, done=lambda: not rows.exists()):
        return {"confirmed": True}
    answer = visitor.ask(name, row.pk)
    return {"confirmed": bool(answer and answer.status_code == 200 and answer.context_data["protected"])}


def published(visitor, row):
    return {
        action: visitor.acts(action, row, before, after, **fields)
        for action, (before, after, fields) in PUBLISHING.items()
    }


def exported(visitor, row):
    """By the button over the list, and by the action on the ticked row."""
    ticked = {"action": "export_to_excel", ACTION_CHECKBOX_NAME: [row.pk]}
    ways = {
        "list": visitor.ask("desk_export", sheet_of(type(row)).kind),
        "ticked": visitor.ask(f"{base(type(row))}_changelist", data=ticked),
    }
    return {way: key_in_file(row) in keys_in(answer) for way, answer in ways.items()}


def key_in_file(row):
    return str(row.pk if isinstance(row, Statement) else row.slug)


def keys_in(answer):
    """The keys in the workbook that an answer is; none where it is a page, or refused."""
    content = answer.getvalue() if getattr(answer, "streaming", False) else b""
    return {str(line[0]) for line in cells_of(content)[1:]} if content else set()


# What a file says anew of a row of each kind.
SAID_ANEW = {
    "zones": {"website": "https://zone.example"},
    "projects": {"company_en": "A company"},
    "statements": {"doubt_en": "Counted twice?"},
    "values": {"note_en": "Provisional"},
}


def imported(visitor, row):
    """From the upload to the confirmation: whether the row then says what the file says."""
    sheet = sheet_of(type(row))
    columns = SHEETS[sheet.kind](visitor.user).columns
    cells = {name: column.written(row) for name, column in columns.items()} | SAID_ANEW[sheet.kind]
    content = delimited([columns[name].heading for name in cells], list(cells.values()))
    rows = type(row)._base_manager.filter(pk=row.pk, **SAID_ANEW[sheet.kind])
    with transaction.atomic():
        file = SimpleUploadedFile("rows.csv", content)
        visitor.ask("desk_import_add", data={"kind": sheet.kind, "file": file})
        importing = Import.objects.filter(by=visitor.user).order_by("-pk").first()
        done = importing is not None and visitor.does(
            "desk_import_confirm", importing.pk, data={"why": "A new report."}, done=rows.exists
        )
        transaction.set_rollback(True)
    return {"confirmed": done}


def undone(visitor, row):
    """An import of somebody else: one may always undo one's own."""
    rows = Import.objects.filter(pk=row.pk, state=ImportState.UNDONE)
    return {"undone": visitor.does("desk_import_undo", row.pk, data={}, done=rows.exists)}


def answered(visitor, row):
    """Every answer of the desk that rows of a kind take."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    given = {
        Finding: {"dismiss": (lambda: rows.exclude(dismissed_at=None).exists(), {"why": "It is so."})},
        StaleTranslation: {"translation-right": (lambda: not rows.exists(), {})},
    }.get(type(row), {"still-true": (lambda: rows.exclude(checked_on=None).exists(), {})})
    ways = {"ask": visitor.opens("desk_answer", "ask", query={"row": name_of(row)})}
    for name, (done, words) in given.items():
        data = {"row": name_of(row)} | words
        ways[name] = visitor.does("desk_answer", name, data=data, done=done)
    if isinstance(row, Statement):
        ways["adopt"] = adopted(visitor, rows)
    return ways


def adopted(visitor, rows):
    with transaction.atomic():
        rows.update(adopted=False)
        data = {"row": name_of(rows.get())}
        found = visitor.does("desk_answer", "adopt", data=data, done=rows.filter(adopted=True).exists)
        transaction.set_rollback(True)
    return found


def decided(decision, state):
    """How a decision on a pending change is tried."""

    def tried(visitor, row):
        rows = PendingChange.objects.filter(pk=row.pk, state=state)
        seen = pending.shown(row, taken(row.record))
        data = {"decision": decision, "note": "I have looked at it.", "seen": seen}
        return {decision: visitor.does(f"{base(type(row))}_change", row.pk, data=data, done=rows.exists)}

    return tried


DEEDS = {
    "seen": seen,
    "changed": changed,
    "added": added,
    "deleted": deleted,
    "deleted as a draft": deleted,
    "published": published,
    "approved": decided("approve", PendingState.APPROVED),
    "refused": decided("refuse", PendingState.REFUSED),
    "sent back": decided("send_back", PendingState.SENT_BACK),
    "exported": exported,
    "changed by import": imported,
    "undone": undone,
    "answered on the desk": answered,
}


def cell(deed, visitor, rows):
    """What the table would have to say: yes, own or no; every way and its answers where they differ."""
    answers = [DEEDS[deed](visitor, row) for row in rows]
    if any(len(set(ways.values())) > 1 for ways in answers):
        return answers
    found = [all(ways.values()) for ways in answers]
    words = {(True, True): "yes", (True,): "yes", (True, False): "own", (False, False): "no", (False,): "no"}
    return words.get(tuple(found), answers)


def what_may_be_done(ground, user, column):
    """The column of the table as it is found by trying."""
    visitor = Visitor(user)
    return {(kind, deed): cell(deed, visitor, ground.kinds[kind]) for kind, deed in column}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says(ground, role):
    group, of = ROLES[role]
    user = User.objects.get(pk=make_user(group, keeps=ground.territory(of)).pk)
    column = the_table()[role]

    assert what_may_be_done(ground, user, column) == column


def test_an_administrator_may_do_what_the_table_says(ground):
    column = the_table()["administrator"]

    assert what_may_be_done(ground, make_user(is_superuser=True), column) == column


@pytest.mark.parametrize("who", ["without a territory", "without a group", "not staff"])
def test_whoever_lacks_one_of_the_three_may_do_nothing(ground, who):
    user = {
        "without a territory": lambda: make_user("publishers", keeps=[]),
        "without a group": lambda: make_user(),
        "not staff": lambda: User.objects.create_user("reader"),
    }[who]()
    column = dict.fromkeys(the_table()["administrator"], "no")
    if who == "not staff":
        column = {key: word for key, word in column.items() if key[1] == "seen"}
        assert {answer_of(ground, user, kind) for kind, _deed in column} == {302}
        return

    assert what_may_be_done(ground, user, column) == column


def answer_of(ground, user, kind):
    model = next(model for model in ground.rows if str(model._meta.verbose_name_plural) == kind)
    return Visitor(user).ask(f"{base(model)}_changelist").status_code


def test_the_table_has_every_kind(ground):
    assert {kind for kind, _deed in the_table()["administrator"]} == set(ground.kinds)
    assert set(the_table()) == {*ROLES, "administrator"}


# No address and no action is forgotten

EVERY_PAGE = {"changelist", "add", "change", "delete", "history"}
OF_RECORDS = {"preview", "move"}
ELSEWHERE = {
    # They show nothing of any record, or what one has done oneself.
    **dict.fromkeys(["index", "login", "logout", "password_change", "password_change_done", "jsi18n"], ""),
    "app_list": "",
    "autocomplete": "tried as a way to see",
    "desk_answer": "tried as answers of the desk",
    "desk_export": "tried as a way to export",
    **dict.fromkeys(["desk_import_confirm", "desk_import_undo"], "tried with imports"),
    "auth_user_password_change": "tried as a way to change",
    "records_pendingchange_preview": "tried as a way to see",
}
ELSEWHERE |= {
    f"desk_{name}": f"tests/desk/{file}"
    for file, names in {
        "test_desk.py": ["completeness", "section"],
        "test_imports_admin.py": ["import_template", "import_restart", "import_cancel"],
    }.items()
    for name in names
}


def addresses(patterns):
    for one in patterns:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from addresses(one.url_patterns)


def test_every_address_is_tried_or_explained(ground):
    tried = {f"{base(model)}_{page}" for model in ground.rows for page in EVERY_PAGE}
    tried |= {
        f"{base(model)}_bring_back"
        for model in ground.rows
        if isinstance(admin.site._registry[model], StaffAdmin)
    }
    tried |= {
        f"{base(model)}_{page}" for model in ground.rows if issubclass(model, Record) for page in OF_RECORDS
    }
    named = {one.name for one in addresses(admin.site.get_urls()) if one.name}
    unnamed = {str(one.pattern) for one in addresses(admin.site.get_urls()) if not one.name}

    assert named == tried | set(ELSEWHERE)
    # Old addresses of pages of rows, which lead to those of today, and whatever nothing else answers.
    assert unnamed == {"<path:object_id>/", "(?P<url>.*)$"}


def test_every_action_is_tried_or_explained():
    explained = {"delete_selected", "end_sessions", "reset_second_factors"}
    found = {
        getattr(action, "__name__", action)
        for page in admin.site._registry.values()
        for action in page.actions or ()
    }

    assert found | {"delete_selected"} == {*CHANGING, *PUBLISHING, "export_to_excel", *explained}


def test_a_stranger_is_sent_to_sign_in_from_every_address(ground):
    rows = {base(model): rows[0] for model, rows in ground.rows.items()}
    visitor, answers = Visitor(AnonymousUser()), {}
    for name, row in rows.items():
        for page in EVERY_PAGE:
            args = [] if page in {"changelist", "add"} else [row.pk]
            answer = visitor.ask(f"{name}_{page}", *args)
            answers[name, page] = answer.status_code, "login" in answer["Location"]

    assert set(answers.values()) == {(302, True)}


# What the choices of a form end at


@pytest.mark.parametrize(
    ("of", "cities"), [("zone", [True, False]), ("city", [True, False]), ("province", [True, True])]
)
def test_a_field_that_says_where_suggests_what_is_kept(ground, of, cities):
    visitor = Visitor(User.objects.get(pk=make_user("editors", keeps=ground.territory(of)).pk))
    offered = suggested(visitor, Project._meta.get_field("city"))

    assert [city.pk in offered for city in ground.cities] == cities
    assert [zone.pk in suggested(visitor, Project._meta.get_field("zone")) for zone in ground.zones] == cities
    in_zone = suggested(visitor, Zone._meta.get_field("city"))
    assert [city.pk in in_zone for city in ground.cities] == [cities[0] and of != "zone", cities[1]]
    assert {city.pk for city in ground.cities} <= suggested(visitor, Zone._meta.get_field("other_cities"))
