"""What all tests share: the browser, and the promise that CI leaves nothing out."""

import os
import shutil

import pytest

# Set by .ci/run. Then a test that cannot run has failed.
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def fail_instead_of_skipping(report):
    """An expected failure (xfail) counts as skipped too, and has been run: it stays."""
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 allows no skipping. {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return fail_instead_of_skipping((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return fail_instead_of_skipping((yield))


@pytest.fixture(scope="session")
def chromium():
    """The Chromium of this machine: nothing is downloaded."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("There is no Chromium here. Install one, or name it: CHROMIUM=/path/to/chromium")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, chromium):
    # From here to the end of the session Playwright keeps an event loop in this thread, and beside one
    # Django refuses to use the database unless told that this is meant.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        # Chromium's sandbox does not start for root, which is who runs a container.
        "args": ["--no-sandbox"] if os.geteuid() == 0 else [],
    }
