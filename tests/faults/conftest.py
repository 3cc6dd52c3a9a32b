"""What breaks, told line by line: `make faults`.

A test with the marker `fault` takes long, or needs what few machines have, and runs only there
(`pytest tests/faults --faults`); the others run with the whole suite too.
"""

import pytest

from tests.databases import Databases, Files
from tests.faults import servers
from tests.faults.sites import ROWS, Site
from tests.postgresql import MISSING, Postgres, find_programs
from tests.serving import Ground

STORY = "fault"


def pytest_addoption(parser):
    parser.addoption("--faults", action="store_true", help="break everything, and tell what readers saw")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--faults", default=False):
        return
    left_out = [item for item in items if item.get_closest_marker("fault")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter, config):
    if not config.getoption("--faults", default=False):
        return
    terminalreporter.section("What was broken, and what came of it")
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", []):
        for name, story in report.user_properties:
            if name == STORY and report.when == "call":
                terminalreporter.write_line(story)


@pytest.fixture
def tell(record_property):
    """Tells of a fault: what was broken, what people saw, and how many seconds until all was well."""

    def tell(broken, readers=None, editors=(), well_after=None, more=""):
        parts = [broken]
        if readers is not None:
            parts.append(f"readers: {readers.told()}")
        for editor in editors:
            acknowledged = len(editor.acknowledged)
            parts.append(f"editor: {editor.told()}; all {acknowledged} acknowledged are there")
        if well_after is not None:
            parts.append(f"well after {well_after:.1f} s")
        record_property(STORY, "; ".join([*parts, *([more] if more else [])]))

    return tell


# Grounds: what each site is a copy of


@pytest.fixture(scope="session")
def files_ground(tmp_path_factory, shipped, static_files):
    """The shipped data and the projects to edit, in a file of SQLite."""
    if not isinstance(shipped, Files):
        pytest.skip("It is about SQLite, and this is the run on PostgreSQL.")
    ground = Ground(tmp_path_factory.mktemp("faults"), static=static_files)
    ground.databases.copy("shipped", "ground", of=shipped)
    return prepared(ground)


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL to break, which says that something is written only when it is."""
    programs = find_programs() or pytest.skip(MISSING)
    with Postgres(programs) as postgres:
        postgres.create()
        yield postgres.start(servers.DURABLE)


@pytest.fixture(scope="session")
def postgres_ground(tmp_path_factory, postgres, static_files):
    """The same in a database of that PostgreSQL."""
    directory = tmp_path_factory.mktemp("faults-postgresql")
    return prepared(Ground(directory, Databases(postgres.url()), static_files).migrate().load())


def prepared(ground):
    ground.fill(ROWS)
    ground.manage("build_index", "--all", "--no-progress")
    return ground


@pytest.fixture
def site(files_ground):
    """A site on SQLite."""
    with Site(files_ground, "site") as site:
        yield site


@pytest.fixture(params=["files_ground", pytest.param("postgres_ground", marks=pytest.mark.fault)])
def any_site(request):
    """A site on SQLite, and with `make faults` on PostgreSQL too, which is then its `postgres`."""
    with Site(request.getfixturevalue(request.param), "site") as site:
        if request.param == "postgres_ground":
            site.postgres = request.getfixturevalue("postgres")
            servers.settle(site.postgres)
        yield site
