"""How many statements a page asks the database: as many for 25 rows as for one."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment

from benchmarks.ways import PAGE_SIZE
from projects.models import Project


def measure(_options):
    """Statements of a full page of projects, and of the last page, which mostly holds fewer."""
    setup_test_environment()
    total = Project.objects.published().count()
    last, rows = -(-total // PAGE_SIZE), (total - 1) % PAGE_SIZE + 1
    # A list that no cache knows, after one that has loaded what all lists share.
    statements("/zh-hans/projects/?sort=name")
    return {
        "full": statements("/en/projects/?sort=name"),
        "last": statements(f"/en/projects/?sort=name&page={last}"),
        "rows_on_last": rows,
    }


def statements(path):
    with CaptureQueriesContext(connection) as captured:
        response = Client().get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path}: {response.status_code}")
    return len(captured)
