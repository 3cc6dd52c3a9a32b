"""Saving a project: through its model, and as staff do, by the form of the admin."""

from django.contrib.auth import get_user_model
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from benchmarks.timing import Times, time_each
from projects.models import Project
from tests.records.staff import form_data

# Forms are as long for a table of any size, so that few tell enough.
FORMS = 20


def measure(options):
    """Times of saving projects one after another; each save changes something."""
    projects = list(Project.objects.published().order_by("pk")[: options.queries])
    for project in projects[:5]:
        save(project)
    by_model, _none = time_each(save, projects, options.patience)
    return {"model": by_model.summary(), "form": by_form(projects[:FORMS]).summary()}


def save(project):
    project.confidence = "low" if project.confidence == "high" else "high"
    project.save()


def by_form(projects):
    """Times of sending the form of each project with another confidence, as a signed-in browser would."""
    setup_test_environment()
    user, _created = get_user_model().objects.get_or_create(
        username="benchmark", defaults={"is_staff": True, "is_superuser": True}
    )
    client, times = Client(), Times()
    client.force_login(user)
    for project in projects:
        address = reverse("admin:projects_project_change", args=[project.pk])
        data = form_data(client.get(address)) | {"confidence": "medium"}
        response = times.add(client.post, address, data)
        if response.status_code != 302:
            raise RuntimeError(f"{address} was not saved: {response.context['errors']}")
    # The first has loaded what the others find.
    return Times(times.milliseconds[1:])
