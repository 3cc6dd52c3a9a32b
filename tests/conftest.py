"""What all tests share: the browser, the shipped data, and the promise that CI leaves nothing out."""

import gc
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import translation

from listings import versions
from records.printing import has_chinese_font, printer
from tests.chromium import MISSING, find_chromium, launch_options
from tests.databases import connected_to, databases_for_tests
from tests.serving import Ground
from tests.sharing import RUN, run_directory, shared

HERE = Path(__file__).parent
# Set by .ci/run. Then a test that cannot run has failed.
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def fail_instead_of_skipping(report):
    """An expected failure (xfail) counts as skipped too, and has been run: it stays."""
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 allows no skipping. {reason}"
    return report


def pytest_configure(config):
    """Passwords of tests are worth nothing: to make them hard to guess would take half a second for each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # All tests come from one address. Those of limits set their own.
    settings.RATE_LIMITS = {}
    # What `make run` has collected here would be looked through for each client of each test.
    settings.STATIC_ROOT = HERE / "nothing-collected"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return fail_instead_of_skipping((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return fail_instead_of_skipping((yield))


def pytest_xdist_auto_num_workers(config):
    """One process for each core; a single one where somebody wants to see what the tests print (-s)."""
    if config.option.capture == "no":
        config.option.dist = "no"
        return 0
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Mark who uses the database, leave out what the other run has, let those who empty it come last."""
    for item in items:
        # Without the mark a test of the shipped records would use the real database.
        if "shipped_data" in item.fixturenames:
            item.add_marker(pytest.mark.django_db)
    left_out = [item for item in items if is_for_the_other_run(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    # What migrations have put into the database, the groups of staff, does not outlive a test that commits.
    # What takes minutes begins first, then browsers, and then what is about the project as a whole, or all
    # but one process would wait for it at the end. Browsers are second because they all wait for the shipped
    # data, which one of them loads. Whole files, since processes take them whole and in this order.
    emptying = {item.path for item in items if commits(item)}
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    seen = {item.path for item in items if item.get_closest_marker("browser")}
    whole = {item.path for item in items if item.path.parent == HERE}
    first = [slow, seen, whole]
    items.sort(key=lambda item: (item.path in emptying, *(item.path not in files for files in first)))


def commits(item):
    """Whether a test writes what others see, so that the whole database is emptied after it."""
    marker = item.get_closest_marker("django_db")
    asked = {"live_server", "transactional_db"} & set(item.fixturenames)
    return bool(asked or (marker and marker.kwargs.get("transaction")))


def pytest_collection_finish(session):
    """What has been imported by now stays: the search for garbage need not go through it again and again."""
    gc.freeze()


def is_for_the_other_run(item):
    """Whether `make test`, which runs on SQLite and then on PostgreSQL, needs a test in its other run alone.

    On PostgreSQL run those that use the database; a browser and a reader of pages see the same there.
    """
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return bool(item.get_closest_marker("postgresql"))
    asked = {"db", "transactional_db", "ground"} & set(item.fixturenames)
    uses_database = asked or item.get_closest_marker("django_db")
    sees_pages = item.get_closest_marker("browser") or item.get_closest_marker("sqlite")
    return not uses_database or bool(sees_pages)


@pytest.fixture(autouse=True)
def english():
    """A test begins in English, whatever page the one before it asked for."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def nothing_remembered():
    """A test begins without the version of the data that was read in the one before it."""
    versions.forget()


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if path is None:
        pytest.skip(MISSING)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, chromium):
    # From here to the end of the session Playwright keeps an event loop in this thread, and beside one
    # Django refuses to use the database unless told that this is meant.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return browser_type_launch_args | launch_options(chromium)


@pytest.fixture(scope="session")
def common(tmp_path_factory):
    """Where the processes of this run make what they share."""
    directory = run_directory(tmp_path_factory)
    return Ground(directory, databases_for_tests(directory, RUN))


@pytest.fixture(scope="session")
def static_files(common):
    """The directory of the collected static files."""
    with shared(common.directory / "static.users", common.collect):
        yield common.static


@pytest.fixture(scope="session")
def shipped(common):
    """The databases of which “shipped” has the records of data/, to be copied."""
    with shared(
        common.directory / "shipped.users",
        make=lambda: common.migrate("shipped").load("shipped"),
        remove=lambda: common.databases.drop("shipped"),
    ):
        yield common.databases


@pytest.fixture(scope="session")
def ground(tmp_path_factory, shipped, static_files):
    """The database and the static files that servers of this session start from."""
    ground = Ground(tmp_path_factory.mktemp("ground"), static=static_files)
    ground.databases.copy("shipped", "ground", of=shipped)
    yield ground.fill()
    ground.databases.drop("ground")


@pytest.fixture(scope="session")
def shipped_copy(tmp_path_factory, shipped):
    """The name of a copy of “shipped” for the tests of this process."""
    databases = databases_for_tests(tmp_path_factory.mktemp("shipped"))
    databases.copy("shipped", "shipped", of=shipped)
    yield databases.name("shipped")
    databases.drop("shipped")


@pytest.fixture(scope="module")
def shipped_data(shipped_copy, django_db_setup, django_db_blocker):
    """The records of data/ in the database, for the tests of one module and for no other.

    What one of them writes is gone for the next one.
    """
    with django_db_blocker.unblock(), connected_to(shipped_copy), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def can_print():
    """WeasyPrint, for tests of what is printed: it and a Chinese font are the machine's to have."""
    if printer() is None:
        pytest.skip("WeasyPrint cannot be loaded here. Install Pango: libpango-1.0-0 libpangoft2-1.0-0")
    if not has_chinese_font():
        pytest.skip("There is no Chinese font here. Install one: fonts-noto-cjk")
    return printer()
