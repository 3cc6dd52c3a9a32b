"""Whole pages as readers get them: from gunicorn, over HTTP, made anew and kept."""

import time
from http.client import HTTPException
from itertools import islice, product
from pathlib import Path
from urllib.parse import quote

from django.utils import timezone

from benchmarks.client import Crowd, Reader
from benchmarks.queries import Query, Readers
from benchmarks.servers import WORKERS, site
from benchmarks.timing import TURNS, Times, in_turns
from benchmarks.ways import PAGE_SIZE, by_listing
from projects.filters import ProjectFilter
from projects.models import Project

LANGUAGES = ("en", "zh-hans")
PAGES, SUMS = range(1, 7), (None, 1, 2, 5, 10)
OVERVIEWS = {"home": "", "cities": "cities/", "city": "cities/taiyuan/", "figures": "projects/in-figures/"}
# Seconds after which every process must have seen an edit, and answers in a row that say so.
DEADLINE, ENOUGH = 30, 40


def measure(options):
    """Times, requests a second and megabytes, of one server with the database of the environment."""
    readers = Readers(options.seed + 3)
    with site(Path(options.directory) / "gunicorn.log") as server:
        reader, crowd = Reader(server.port), Crowd(server.port)
        # Every worker has shown pages before it is weighed, but none that needs the index.
        everybody(reader, "/en/zones/?page=")
        light = server.weights()
        found = {"first_milliseconds": first_listing(reader)}
        everybody(reader, "/en/projects/?status=signed&sort=name&page=")
        found["megabytes"] = {"without_list": light, "with_list": server.weights()}
        found["listing"] = timed(reader, full_pages(), options)
        # First of all that readers ask for, since Datasette is asked the same (measures/datasette.py).
        lists, searches = readers.lists(options.queries), readers.mixed_searches(options.queries)
        found["answers"] = timed_in_turns(reader, lists, searches, options, "/answer")
        whole = timed_in_turns(reader, lists, searches, options)
        found["readers"], found["text"], found["both"] = whole.values()
        found["search"] = timed(
            reader, (f"/en/search/?q={quote(word)}" for word in readers.rare_words(50)), options
        )
        found["detail"] = timed(reader, details(readers), options)
        found["rates"] = rates(reader, crowd, options)
        found["edit_seconds"] = time_until_seen(server)
        for name, path in OVERVIEWS.items():
            # They take no parameters, so these are as many addresses of the same page.
            found[name] = timed(reader, (f"/en/{path}?n={number}" for number in range(10)), options)
    return found


def timed(reader, paths, options):
    """Times of these pages; of a page that fails, why."""
    try:
        return reader.time(islice(paths, options.queries), options.patience).summary()
    except (OSError, HTTPException, RuntimeError) as error:
        return Times().summary() | {"failed": str(error) or type(error).__name__}


def timed_in_turns(reader, lists, searches, options, path="/en/projects/"):
    """Times of lists, of searches, and of both together."""
    turns = addresses(in_turns(lists, searches), path)
    times = reader.time(turns, 2 * options.patience)
    return {name: times.part(every).summary() for name, every in TURNS.items()}


def first_listing(reader):
    """Milliseconds of the first list that a process is asked for: it loads the index."""
    return reader.time(["/en/projects/?sort=earliest&page=2"], 600).milliseconds[0]


def everybody(reader, path):
    """Ask for pages so often, over new connections, that every worker has answered some."""
    for number in range(8 * WORKERS):
        Reader(reader.port).get(f"{path}{number % 4 + 1}")


def full_pages():
    """Addresses of lists of 25 cards, each once: what they cost does not depend on how much they find."""
    pairs = product(LANGUAGES, SUMS, PAGES, ProjectFilter.sorts)
    totals = {low: by_listing(Query(()).having(investment_from=low)).total for low in SUMS}
    for language, low, page, sort in pairs:
        if page * PAGE_SIZE <= totals[low]:
            query = Query(()).having(investment_from=low, sort=sort.key, page=page)
            yield f"/{language}/projects/?{query}"


def addresses(queries, path="/en/projects/"):
    return [f"{path}?{query}" for query in queries]


def details(readers):
    return dict.fromkeys(f"/en/projects/{readers.project().slug}/" for _ in range(200))


def rates(reader, crowd, options):
    """Requests a second of a page that is kept, of the same where it is unchanged, and of the bare view.

    They take turns, so that what else the machine does meets all of them; the best turn of each counts.
    """
    path = "/en/projects/?sort=investment-largest"
    _status, headers, _body = reader.get(path)
    turns = {"cached": [], "not_modified": [], "bare": []}
    for _ in range(options.rounds):
        turns["bare"].append(crowd.ask("/bare", options.seconds))
        unchanged = crowd.ask(path, options.seconds, 304, If_None_Match=headers["ETag"])
        turns["not_modified"].append(unchanged)
        turns["cached"].append(crowd.ask(path, options.seconds))
    return {name: max(values) for name, values in turns.items()}


def time_until_seen(server):
    """Seconds from an edit until no process shows the page of before; None if that takes too long."""
    name = f"0 edited at {timezone.now():%H%M%S%f}"
    readers = [Reader(server.port) for _ in range(8 * WORKERS)]
    for reader in readers:
        reader.get("/en/projects/?sort=name")
    Project.objects.filter(pk=Project.objects.published().order_by("pk").values("pk")[:1]).update(
        name_en=name
    )
    edited, latest_old = time.monotonic(), 0.0
    in_a_row = 0
    while in_a_row < ENOUGH and time.monotonic() < edited + DEADLINE:
        for reader in readers:
            asked_at = time.monotonic() - edited
            _status, _headers, body = reader.get("/en/projects/?sort=name", Accept_Encoding="identity")
            in_a_row = in_a_row + 1 if name.encode() in body else 0
            latest_old = latest_old if in_a_row else asked_at
    return latest_old if in_a_row >= ENOUGH else None
