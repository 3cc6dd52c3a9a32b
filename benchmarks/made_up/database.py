"""Made-up records into a database: all of data/ but its projects, and these instead."""

import io
import shutil
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max
from tqdm import tqdm

from benchmarks.made_up.places import PREFIX, Known, Places
from benchmarks.made_up.projects import Projects
from benchmarks.made_up.writing import insert
from projects.models import Milestone, Project
from records.models import Aspect, Source, Statement
from zones.models import City, Industry, Zone

TABLES = (
    "zones.Zone",
    "zones.Zone.industries",
    "projects.Project",
    "projects.Milestone",
    "records.Statement",
)


class RefusedError(Exception):
    """The database holds records that somebody may need."""


def fill(projects, zones, seed, *, progress=True):
    """Fill the database with so many projects and zones in all; the same numbers and seed give the same rows.

    Raises RefusedError for a database with projects that were not made up; what was made up before goes.
    """
    if Project.objects.exclude(slug__startswith=PREFIX).exists():
        raise RefusedError(
            "This database holds projects that were not made up. Name another in DATABASE_URL."
        )
    remove()
    load_reference_data()
    known = what_is_known()
    first = (Zone.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    places = Places(seed, known, first, max(zones - Zone.objects.count(), 0))
    with transaction.atomic():
        for rows in places.rows():
            insert(rows)
    bar = tqdm(total=projects, unit=" projects", disable=not progress, file=sys.stderr)
    for block in Projects(seed, places).blocks(projects):
        with transaction.atomic():
            for rows in block:
                insert(rows)
        bar.update(len(block[0].rows))
    bar.close()


def remove():
    """Delete what was made up before, in the order in which nothing points to what is gone."""
    for model in (Project, Zone):
        made_up = model.objects.filter(slug__startswith=PREFIX)
        kind = ContentType.objects.get_for_model(model)
        with transaction.atomic():
            _delete(Statement.objects.filter(content_type=kind, object_id__in=made_up.values("pk")))
            if model is Project:
                _delete(Milestone.objects.filter(project__in=made_up))
            else:
                _delete(Zone.industries.through.objects.filter(zone__in=made_up))
            _delete(made_up)


def _delete(queryset):
    # In one statement, without the rules for records that were ever public: these were never true.
    queryset._raw_delete(queryset.db)


def load_reference_data():
    """All of data/ but the projects: what they are put onto, and what other pages show."""
    with tempfile.TemporaryDirectory() as directory:
        for folder in settings.BASE_DIR.joinpath("data").iterdir():
            if folder.name != "projects":
                shutil.copytree(folder, Path(directory) / folder.name)
        call_command("load_data", directory, no_progress=True, stdout=io.StringIO())


def what_is_known():
    """Cities, industries and the like, in the order in which they are the more frequent."""
    return Known(
        cities=dict(City.objects.order_by("order").values_list("slug", "pk")),
        city_names=dict(City.objects.values_list("slug", "name_en")),
        industries=dict(Industry.objects.order_by("order").values_list("slug", "pk")),
        sources=tuple(Source.objects.order_by("slug").values_list("pk", flat=True)),
        aspects=dict(Aspect.objects.values_list("key", "pk")),
        zone_type=ContentType.objects.get_for_model(Zone).pk,
        project_type=ContentType.objects.get_for_model(Project).pk,
    )
