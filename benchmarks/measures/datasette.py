"""Datasette on the same projects, with the same facets and search: as it comes, and tuned.

It gets a copy of the public rows in a file of its own, so that its indexes do not help or hinder ours.
"""

import contextlib
import sqlite3
import subprocess
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from benchmarks.client import Reader
from benchmarks.queries import Readers
from benchmarks.servers import Served
from benchmarks.timing import TURNS, in_turns, time_each
from benchmarks.ways import PAGE_SIZE
from projects.filters import INVESTMENT_BANDS, MILLION
from zones.models import City, Industry, Zone

FACETS = ("city_id", "sector_id", "status", "kind", "zone_id")
TEXTS = (
    "name_en",
    "name_zh",
    "summary_en",
    "summary_zh",
    "company_en",
    "company_zh",
    "county_en",
    "county_zh",
)
COPY = f"""
    CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE industry (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE zone (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE project (
        id INTEGER PRIMARY KEY, {", ".join(f"{name} TEXT" for name in TEXTS)},
        city_id INTEGER REFERENCES city (id), sector_id INTEGER REFERENCES industry (id),
        zone_id INTEGER REFERENCES zone (id), status TEXT, kind TEXT, status_on TEXT, investment_yuan INTEGER
    );
    INSERT INTO city SELECT id, name_en FROM site.zones_city;
    INSERT INTO industry SELECT id, name_en FROM site.zones_industry;
    INSERT INTO zone SELECT id, name_en FROM site.zones_zone WHERE state = 'published';
    INSERT INTO project SELECT id, {", ".join(TEXTS)}, city_id, sector_id, zone_id, status, kind, status_on,
        investment_yuan FROM site.projects_project WHERE state = 'published';
    CREATE INDEX project_city ON project (city_id);
    CREATE INDEX project_sector ON project (sector_id);
    CREATE INDEX project_zone ON project (zone_id);
"""  # noqa: S608
TUNING = """
    CREATE INDEX project_status ON project (status);
    CREATE INDEX project_kind ON project (kind);
    CREATE INDEX project_status_on ON project (status_on);
    CREATE INDEX project_investment ON project (investment_yuan);
    CREATE INDEX project_name ON project (name_en);
    ANALYZE;
"""
# Rows, count and facets for programs.
JSON = ".json"
# Nothing is given up for lack of time, nothing is worked out that was not asked for.
RAISED = {
    "sql_time_limit_ms": 60_000,
    "facet_time_limit_ms": 60_000,
    "suggest_facets": "off",
    "cache_size_kb": 200_000,
}
SORTS = {
    "latest": ("_sort_desc", "status_on"),
    "earliest": ("_sort", "status_on"),
    "investment-largest": ("_sort_desc", "investment_yuan"),
    "investment-smallest": ("_sort", "investment_yuan"),
    "name": ("_sort", "name_en"),
}


def measure(options):
    """Times of pages, and how many of them lack a count or a facet that took too long."""
    directory = Path(options.directory)
    programs, file = directory / "tools" / "bin", directory / "datasette.sqlite3"
    readers = Readers(options.seed + 3)
    lists, searches = readers.lists(options.queries), readers.mixed_searches(options.queries)
    try:
        copy(file)
        enable_search(programs, file)
        found = {
            "as_it_comes": ask(programs, file, {}, lists, searches, options),
            "json_as_it_comes": ask(programs, file, {}, lists, searches, options, JSON),
        }
        with contextlib.closing(sqlite3.connect(file)) as database:
            database.executescript(TUNING)
        found["tuned"] = ask(programs, file, RAISED, lists, searches, options)
        found["json_tuned"] = ask(programs, file, RAISED, lists, searches, options, JSON)
    finally:
        for path in directory.glob(f"{file.name}*"):
            path.unlink()
    return found


def copy(file):
    """Make the file, with the public projects and what they refer to."""
    file.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("ATTACH ? AS site", [str(settings.DATABASES["default"]["NAME"])])
        database.executescript(COPY)


def enable_search(programs, file):
    """An index of words, made as Datasette's documentation says, with the stems of English words."""
    command = [programs / "sqlite-utils", "enable-fts", file, "project", *TEXTS, "--tokenize", "porter"]
    subprocess.run(command, check=True)  # noqa: S603


def ask(programs, file, limits, lists, searches, options, suffix=""):
    """Times of the lists, of the searches, and of both together; as pages, or as `suffix` says."""
    command = [str(programs / "datasette"), "serve", str(file), "--port", "{port}"]
    for name, value in limits.items():
        command += ["--setting", name, str(value)]
    log = Path(options.directory) / "datasette.log"
    with Served(command, log, ready="/-/versions.json") as server:
        reader, translate = Reader(server.port), Translator(f"/{file.stem}/project{suffix}")
        given_up = []

        def page(query):
            status, _headers, body = reader.get(translate(query))
            given_up.append(status != 200 or b"timed out" in body)

        page(lists[0])
        given_up.clear()
        times, _none = time_each(page, in_turns(lists, searches), 2 * options.patience)
        return {
            name: times.part(every).summary() | {"given_up": sum(given_up[every])}
            for name, every in TURNS.items()
        }


class Translator:
    """Addresses of Datasette for our queries."""

    def __init__(self, path):
        self.path = path
        self.ids = {
            "city": ("city_id", dict(City.objects.values_list("slug", "pk"))),
            "sector": ("sector_id", dict(Industry.objects.values_list("slug", "pk"))),
            "zone": ("zone_id", dict(Zone.objects.values_list("slug", "pk"))),
        }

    def __call__(self, query):
        pairs = [("_facet", name) for name in FACETS] + [("_size", PAGE_SIZE), ("_labels", "on")]
        for name in dict.fromkeys(name for name, _value in query.pairs):
            pairs += self._pairs(name, query.of(name))
        if not query.of("sort"):
            pairs.append(SORTS["latest"])
        return f"{self.path}?{urlencode(pairs)}"

    def _pairs(self, name, values):
        """One parameter; of values that Datasette cannot join, the first."""
        first = values[0]
        if name == "q":
            return [("_search", first)]
        if name == "sort":
            return [SORTS[first]]
        if name == "investment_from":
            return [("investment_yuan__gte", int(first) * MILLION)]
        if name in self.ids:
            column, ids = self.ids[name]
            values = [ids[value] for value in values if value in ids]
        else:
            column = {"status": "status", "kind": "kind", "year": "status_on"}.get(name, "investment_yuan")
        if first == "not-stated" or not values:
            return [(f"{column}__isnull", 1)]
        if name == "year":
            return [("status_on__startswith", first)]
        if name == "investment":
            band = next(band for band in INVESTMENT_BANDS if band.key == first)
            limits = {"gte": band.low, "lt": band.high}
            return [(f"{column}__{lookup}", limit) for lookup, limit in limits.items() if limit is not None]
        return [(f"{column}__in", ",".join(map(str, values)))]
