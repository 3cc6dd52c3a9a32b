"""What tests of the admin share: rows of every model, people of every role, and what a browser posts."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from records.models import LoadedRecord, PendingChange, Statement
from tests import factories
from zones.models import Territory, Zone

OUR_APPS = ("records", "zones", "projects", "business_environment")
# Changes that wait have pages of their own making: tests/records/test_pending.py.
OUR_MODELS = [
    model
    for model in admin.site._registry
    if model._meta.app_label in OUR_APPS and model is not PendingChange
]
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
        case "pathquestion":
            return factories.make_path_answer().question
        case "procedurerule":
            return factories.make_procedure_rule(factories.make_procedure(), factories.make_path_answer())
        case "prerequisite":
            return factories.make_prerequisite(factories.make_procedure(), factories.make_procedure())
        case "procedure":
            procedure = factories.make_procedure()
            factories.make_procedure_rule(procedure, factories.make_path_answer())
            factories.make_prerequisite(procedure, factories.make_procedure())
            return procedure
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


def make_user(group=None, keeps=("province",), **overrides):
    """A member of staff named after their group, or "root"; `keeps` are zones, cities, "province"."""
    values = {"username": group or "root", "is_staff": True} | overrides
    user = User.objects.create_user(**values)
    if group:
        user.groups.add(Group.objects.get(name=group))
        for place in keeps:
            make_territory(user, place)
    return user


def make_territory(user, place):
    """Put a zone, a city or the "province" into somebody's care; ask of a `User` fetched after that."""
    if place == "province":
        return Territory.objects.create(user=user, province=True)
    return Territory.objects.create(user=user, **{by_name(place): place})


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
    if editing := context.get("editing"):
        data |= {"begun": editing.begun, "why": editing.why}
    return data


def save(client, row_or_address, **fields):
    """Open the page of a row, or an address, change some fields and send the form; the answer."""
    address = row_or_address if isinstance(row_or_address, str) else page(row_or_address, "change")
    return client.post(address, form_data(client.get(address)) | fields)


def statements_prefix(response):
    formsets = [one.formset for one in response.context["inline_admin_formsets"]]
    return next(formset.prefix for formset in formsets if formset.model is Statement)


def said(response):
    return [str(message) for message in response.context["messages"]]
