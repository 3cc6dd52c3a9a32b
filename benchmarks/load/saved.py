"""Whether what was acknowledged to editors is there: the last of it in the record, all in its history."""

import json

from django.contrib.contenttypes.models import ContentType

from projects.models import Project
from records.models import Version


def missing_saves(saves):
    """The saves, of [when, key of a project, words], that are not in the database."""
    last = {record: words for _when, record, words in saves}
    found = dict(Project.objects.filter(pk__in=last).values_list("pk", "summary_en"))
    lost = [[record, words] for record, words in last.items() if found.get(record) != words]
    kind = ContentType.objects.get_for_model(Project)
    versions = Version.objects.filter(content_type=kind, object_id__in=last)
    kept = {}
    for record, content in versions.values_list("object_id", "content"):
        kept.setdefault(record, []).append(json.dumps(content, ensure_ascii=False))
    lost += [
        [record, words]
        for _when, record, words in saves
        if not any(words in content for content in kept.get(record, ()))
    ]
    return lost
