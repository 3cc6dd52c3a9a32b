"""The admin, page by page and role by role: what a request shows, and what it leaves behind."""

import datetime
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from records.admin.checks import months_later
from records.models import LoadedRecord, Record, State, Statement, record_models
from tests import factories
from zones.models import Zone

pytestmark = pytest.mark.django_db

OUR_APPS = ("records", "zones", "projects", "business_environment")
OUR_MODELS = [model for model in admin.site._registry if model._meta.app_label in OUR_APPS]
WITHOUT_ADD = ("statement", "loadedrecord")


def by_name(model):
    return model._meta.model_name


def page(row_or_model, role):
    """The address of a list, of the page for a new row, or of one row's page."""
    opts = row_or_model._meta
    args = [row_or_model.pk] if role in ("change", "delete") else []
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{role}", args=args)


def make_row(model):
    """A row of any registered model, with what hangs on it."""
    name = by_name(model)
    match name:
        case "statement":
            return factories.make_statement(factories.make_zone())
        case "loadedrecord":
            kind = ContentType.objects.get_for_model(Zone)
            number = LoadedRecord.objects.count()
            return LoadedRecord.objects.create(content_type=kind, slug=f"zone-{number}", content={"名": 1})
        case "park":
            return factories.make_park(factories.make_zone(), record=factories.make_zone())
        case "zonerelation":
            return factories.make_zone_relation(factories.make_zone(), factories.make_zone())
        case "milestone":
            return factories.make_milestone(factories.make_project())
        case "indicatorvalue":
            return factories.make_indicator().values.get()
        case "reformaccount" | "reformevent" | "legaltext" | "reformcase":
            factories.make_reform()
            return model.objects.latest("pk")
        case "accountpart":
            return factories.make_reform().accounts.get().parts.first()
        case "transportlink":
            return factories.make_transport_link()
        case "zone":
            zone = factories.make_zone(part_of=factories.make_zone())
            factories.make_park(zone, record=factories.make_zone())
            factories.make_zone_relation(zone, factories.make_zone())
            return zone
        case "project":
            project = factories.make_project(zone=factories.make_zone(), city=factories.make_city())
            factories.make_milestone(project)
            return project
        case "reform":
            values = factories.make_indicator(values=2).values.all()
            return factories.make_reform(claim_before=values[0], claim_after=values[1])
    return getattr(factories, f"make_{name}")()


def make_user(group=None, **overrides):
    user = User.objects.create_user(group or "root", is_staff=True, **overrides)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def root(client):
    user = make_user(is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def editor(client):
    user = make_user("editors")
    client.force_login(user)
    return user


@pytest.fixture
def publisher(client):
    user = make_user("publishers")
    client.force_login(user)
    return user


def act(client, action, *records, **fields):
    """Post an action of a list, as its form does; the page that follows."""
    data = {"action": action, "_selected_action": [record.pk for record in records], **fields}
    return client.post(page(records[0], "changelist"), data, follow=True)


def offered(client, model):
    """The names of the actions that a list offers."""
    form = client.get(page(model, "changelist")).context["action_form"]
    return {name for name, _label in form.fields["action"].choices if name} if form else set()


def form_data(response):
    """What a browser would post back from a page of the admin that is left as it is."""
    context, data = response.context, {}
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.initial_forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                value = "on"
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data


def statements_prefix(response):
    formsets = [one.formset for one in response.context["inline_admin_formsets"]]
    return next(formset.prefix for formset in formsets if formset.model is Statement)


def said(response):
    return [str(message) for message in response.context["messages"]]


# Every page


def test_every_model_is_registered():
    from django.apps import apps

    ours = {model for label in OUR_APPS for model in apps.get_app_config(label).get_models()}

    assert ours == set(OUR_MODELS)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
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


# One record


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
    value = factories.make_indicator().values.get()
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


# Statements


def add_statement(client, record, **fields):
    """Post the page of a record with one statement more."""
    response = client.get(page(record, "change"))
    prefix, data = statements_prefix(response), form_data(response)
    number = data[f"{prefix}-TOTAL_FORMS"]
    data[f"{prefix}-TOTAL_FORMS"] = number + 1
    data |= {f"{prefix}-{number}-{name}": value for name, value in ({"position": 0} | fields).items()}
    return client.post(page(record, "change"), data)


def test_a_statement_is_saved_with_its_record(client, editor):
    zone, aspect, source = factories.make_zone(), factories.make_aspect(), factories.make_source()

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

    client.post(page(zone, "change"), data)

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


# The states


def test_editors_are_not_offered_what_publishers_are(client):
    client.force_login(make_user("editors"))
    assert offered(client, make_row(Zone)) == {"submit_for_review", "still_true"}

    client.force_login(make_user("publishers"))
    assert offered(client, make_row(Zone)) == {
        "submit_for_review",
        "publish",
        "withdraw",
        "send_back_to_draft",
        "still_true",
    }


@pytest.mark.parametrize("model", record_models(), ids=by_name)
def test_an_editor_submits_and_a_publisher_publishes(client, model):
    name = "transport_link" if by_name(model) == "transportlink" else by_name(model)
    record = getattr(factories, f"make_{name}")(state=State.DRAFT)

    client.force_login(make_user("editors"))
    act(client, "publish", record)
    record.refresh_from_db()
    assert record.state == State.DRAFT
    act(client, "submit_for_review", record)
    record.refresh_from_db()
    assert record.state == State.REVIEW
    act(client, "publish", record)
    record.refresh_from_db()
    assert record.state == State.REVIEW

    publisher = make_user("publishers")
    client.force_login(publisher)
    act(client, "publish", record)
    record.refresh_from_db()
    assert (record.state, record.changed_by) == (State.PUBLISHED, publisher)
    assert LogEntry.objects.latest("pk").change_message == "Published."


@pytest.mark.parametrize("action", ["withdraw", "send_back_to_draft"])
def test_an_editor_moves_nothing_that_a_publisher_moves(client, editor, action):
    records = [factories.make_zone(), factories.make_zone(state=State.REVIEW)]

    act(client, action, *records, confirmed="yes", reason_en="No.", reason_zh="否", day="2026-03-06")

    assert [Zone.objects.get(pk=record.pk).state for record in records] == [State.PUBLISHED, State.REVIEW]


ALLOWED = {
    "submit_for_review": {State.DRAFT: State.REVIEW},
    "publish": dict.fromkeys((State.DRAFT, State.REVIEW, State.WITHDRAWN), State.PUBLISHED),
    "withdraw": {State.PUBLISHED: State.WITHDRAWN},
    "send_back_to_draft": {State.REVIEW: State.DRAFT},
}


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("action", ALLOWED)
def test_each_action_moves_from_its_own_states_only(client, publisher, action, state):
    zone = factories.make_zone(state=state)

    response = act(
        client, action, zone, confirmed="yes", reason_en="Closed.", reason_zh="已关闭。", day="2026-03-06"
    )

    zone.refresh_from_db()
    assert zone.state == ALLOWED[action].get(state, state)
    if state not in ALLOWED[action]:
        label = State(state).label
        assert said(response) == [f"{zone} was left as it is: its state is “{label}”."]


def test_what_is_not_valid_is_named_and_left(client, publisher):
    wrong, right = (
        factories.make_zone(state=State.REVIEW, area_km2=1),
        factories.make_zone(state=State.REVIEW),
    )
    Zone.objects.filter(pk=wrong.pk).update(website="nowhere")

    response = act(client, "publish", wrong, right)

    wrong.refresh_from_db()
    right.refresh_from_db()
    assert (wrong.state, right.state) == (State.REVIEW, State.PUBLISHED)
    assert said(response) == [
        f"{wrong} was left as it is: website: Enter a valid URL.",
        "1 record is published.",
    ]


def test_withdrawing_asks_first(client, publisher):
    zone, draft = factories.make_zone(), factories.make_zone(state=State.DRAFT)

    response = act(client, "withdraw", zone, draft)

    zone.refresh_from_db()
    assert zone.state == State.PUBLISHED
    assert response.templates[0].name == "admin/withdraw.html"
    assert response.context["records"] == [zone]
    assert response.context["left_alone"] == [draft]


@pytest.mark.parametrize(
    ("field", "value"),
    [("reason_en", ""), ("reason_zh", " "), ("day", ""), ("day", "soon"), ("day", "2999-01-01")],
)
def test_withdrawing_takes_both_reasons_and_a_day_that_has_come(client, publisher, field, value):
    zone = factories.make_zone()
    fields = {"reason_en": "Closed.", "reason_zh": "已关闭。", "day": "2026-03-06"} | {field: value}

    response = act(client, "withdraw", zone, confirmed="yes", **fields)

    zone.refresh_from_db()
    assert zone.state == State.PUBLISHED
    assert list(response.context["form"].errors) == [field]
    assert "errorlist" in response.content.decode()


def test_a_withdrawn_record_has_day_and_reasons_until_it_is_published_again(client, publisher):
    zone = factories.make_zone()

    act(
        client, "withdraw", zone, confirmed="yes", reason_en="Closed.", reason_zh="已关闭。", day="2026-03-06"
    )
    zone.refresh_from_db()
    assert zone.withdrawn_on == datetime.date(2026, 3, 6)
    assert (zone.withdrawn_reason_en, zone.withdrawn_reason_zh) == ("Closed.", "已关闭。")
    assert LogEntry.objects.latest("pk").change_message == "Withdrawn: Closed."

    act(client, "publish", zone)
    zone.refresh_from_db()
    assert (zone.withdrawn_on, zone.withdrawn_reason_en, zone.withdrawn_reason_zh) == (None, "", "")


def test_still_true_sets_the_next_check_half_a_year_on(client, editor):
    zone = factories.make_zone(checked_on=datetime.date(2020, 1, 1))

    act(client, "still_true", zone)

    zone.refresh_from_db()
    today = timezone.localdate()
    assert (zone.checked_on, zone.check_due_on) == (today, months_later(today, 6))
    assert zone.changed_by == editor


@pytest.mark.parametrize(
    ("day", "later"),
    [
        ("2026-03-06", "2026-09-06"),
        ("2026-08-31", "2027-02-28"),
        ("2026-12-15", "2027-06-15"),
        ("2027-08-30", "2028-02-29"),
    ],
)
def test_half_a_year_later_is_a_day_that_exists(day, later):
    assert months_later(datetime.date.fromisoformat(day), 6) == datetime.date.fromisoformat(later)


# Deleting


@pytest.mark.parametrize("model", record_models(), ids=by_name)
@pytest.mark.parametrize("state", [State.PUBLISHED, State.WITHDRAWN])
def test_nobody_deletes_what_was_public(client, root, model, state):
    name = "transport_link" if by_name(model) == "transportlink" else by_name(model)
    record = getattr(factories, f"make_{name}")(state=state)

    assert client.post(page(record, "delete"), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in offered(client, model)
    act(client, "delete_selected", record, post="yes")

    assert model.objects.filter(pk=record.pk).exists()


def test_a_part_that_is_public_cannot_be_deleted_either(client, root):
    value = factories.make_indicator().values.get()

    assert client.post(page(value, "delete"), {"post": "yes"}).status_code == 403
    act(client, "delete_selected", value, post="yes")

    assert type(value).objects.filter(pk=value.pk).exists()


def test_an_editor_deletes_a_draft_with_its_statements(client, editor):
    indicator = factories.make_indicator(state=State.DRAFT)
    factories.make_statement(indicator)
    factories.make_statement(indicator.values.get())

    client.post(page(indicator, "delete"), {"post": "yes"})

    assert not type(indicator).objects.exists()
    assert not Statement.objects.exists()


def test_every_factory_makes_valid_records(root):
    for model in OUR_MODELS:
        row = make_row(model)
        row.full_clean()
        if isinstance(row, Record):
            assert row.is_public
