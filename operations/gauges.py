"""What Prometheus is told that nobody counts: looked up when it asks, once for all processes."""

import platform
import shutil
import time

import django
from django.conf import settings
from django.db import Error
from django.utils.module_loading import import_string
from prometheus_client.core import GaugeMetricFamily

from listings import versions
from listings.filters import indexed_lists
from listings.index.memory import standing
from operations import health
from operations.backups import manifests

PREFIX = "invest_shanxi"


class Gauges:
    """A collector, as prometheus_client calls it. What cannot be looked up is left out."""

    def collect(self):
        yield self.build()
        yield self.readiness()
        yield self.disk()
        yield from self.backup()
        try:
            yield from self.from_database()
        except Error:
            # That the database is gone is told by `ready`.
            return

    def build(self):
        """What is running: always 1, with what it is in the labels."""
        gauge = GaugeMetricFamily(
            f"{PREFIX}_build_info", "What is running.", labels=["edition", "django", "python"]
        )
        edition = import_string(settings.SOFTWARE_EDITION)()
        gauge.add_metric([edition[:12], django.get_version(), platform.python_version()], 1)
        return gauge

    def readiness(self):
        gauge = GaugeMetricFamily(f"{PREFIX}_ready", "1 where a part is in order, else 0.", labels=["part"])
        for part in health.readiness():
            gauge.add_metric([part.name], part.state is health.State.OK)
        return gauge

    def disk(self):
        gauge = GaugeMetricFamily(f"{PREFIX}_disk_free_bytes", "Room left, by place.", labels=["place"])
        for place, folder in health.folders().items():
            gauge.add_metric([place], shutil.disk_usage(folder).free)
        return gauge

    def backup(self):
        newest = manifests.newest(settings.BACKUP_DIRECTORY)
        if newest is not None:
            age = (manifests.now() - newest.taken_at).total_seconds()
            yield GaugeMetricFamily(f"{PREFIX}_backup_age_seconds", "Since the newest backup.", value=age)

    def from_database(self):
        version = versions.current("default")
        if version is not None:
            yield GaugeMetricFamily(
                f"{PREFIX}_data_version", "Grows with each change of the records.", value=version.number
            )
        yield from self.indexes(version)
        sign_ins = GaugeMetricFamily(
            f"{PREFIX}_sign_ins",
            "What happened at the door of the administration within the last quarter of an hour.",
            labels=["outcome"],
        )
        for outcome, number in import_string(settings.SIGN_IN_COUNTS)().items():
            sign_ins.add_metric([outcome], number)
        yield sign_ins

    def indexes(self, version):
        current = GaugeMetricFamily(
            f"{PREFIX}_list_index_current", "1 where the index of a list is in use.", labels=["table"]
        )
        age = GaugeMetricFamily(
            f"{PREFIX}_list_index_age_seconds", "Since the index of a list was built.", labels=["table"]
        )
        behind = GaugeMetricFamily(
            f"{PREFIX}_list_index_behind", "Changes since the index of a list was built.", labels=["table"]
        )
        for layout in indexed_lists():
            found, index = standing(layout)
            if index is None or index.built_at is None:
                continue
            current.add_metric([layout.table], found is type(found).CURRENT)
            age.add_metric([layout.table], time.time() - index.built_at.timestamp())
            if version is not None and version.epoch == index.epoch:
                behind.add_metric([layout.table], version.number - index.number)
        yield from (current, age, behind)
