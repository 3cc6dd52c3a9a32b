"""A real server with the shipped data, and a browser that notes whatever it should not have had to."""

import pytest

from tests.browser.staff import WORK, Staff
from tests.serving import Server


@pytest.fixture(scope="session")
def site(ground):
    """For tests that only read."""
    with Server(ground, "browser") as server:
        yield server


@pytest.fixture
def own_site(ground, request):
    """For a test that writes. One process, which starts sooner: `test_page_changes` is about several."""
    with Server(ground, request.node.name, WEB_CONCURRENCY="1") as server:
        yield server


@pytest.fixture(scope="session")
def site_at_work(ground):
    """A site on which staff find work in the morning. Tests that write keep to records of their own."""
    with Server(ground, "at-work", WEB_CONCURRENCY="1") as server:
        ground.manage("shell", "--verbosity=0", "--command", WORK, database=server.name)
        yield server


@pytest.fixture
def staff(site_at_work, new_context):
    return Staff(site_at_work, new_context)


class Watched:
    """A page and its complaints: console errors, breaches of the policy, requests to other hosts."""

    def __init__(self, page, origin):
        self.page = page
        self.errors = []
        page.on("console", self.note_console)
        page.on("pageerror", lambda error: self.errors.append(f"error: {error}"))
        page.on("request", lambda request: self.note_request(request, origin))
        page.expose_function("noteBreach", lambda what: self.errors.append(f"policy: {what}"))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " event => window.noteBreach(`${event.violatedDirective} ${event.blockedURI}`))"
        )

    def note_console(self, message):
        # The browser notes here too that the page itself is a 404; the test knows that.
        is_status = message.text.startswith(
            "Failed to load resource: the server responded with a status of 4"
        )
        if message.type == "error" and not (is_status and message.location["url"] == self.page.url):
            self.errors.append(f"console: {message.text} {message.location['url']}")

    def note_request(self, request, origin):
        if not request.url.startswith((f"{origin}/", "data:")):
            self.errors.append(f"request: {request.url}")


@pytest.fixture
def watch(site):
    return lambda page: Watched(page, site.url)
