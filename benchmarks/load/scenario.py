"""What visitors ask for under load, and what each answer has to say, drawn from the database at hand."""

from urllib.parse import quote

from django.contrib.auth.models import Group, User
from django.utils import translation

from benchmarks.made_up import vocabulary
from benchmarks.queries import Readers
from projects.models import Project
from zones.models import City, Territory, Zone

LANGUAGES = ("en", "zh-hans")
PASSWORD = "a long word for load only"  # noqa: S105  of users of a made-up database
OVERVIEWS = ("", "zones/", "projects/", "cities/", "business-environment/", "business-environment/costs/")
RECORDS = 200


def scenario(readers, editors, seed=7):
    """All that `visitors.py` reads: [address, words of the answer] by kind."""
    drawn = Readers(seed)
    lists = drawn.lists(150)
    return {
        "readers": readers,
        "editors": editors,
        "password": PASSWORD,
        "overviews": [[f"/{language}/{path}", "</html>"] for language in LANGUAGES for path in OVERVIEWS],
        "lists": [[f"/{language}/projects/?{query}", "</html>"] for language in LANGUAGES for query in lists],
        "searches": list(searches()),
        "details": list(details()),
        "files": list(files(lists)),
        "records": [project.pk for project in drawn.projects[:RECORDS]],
    }


def searches():
    """Words of the vocabulary in their own language; each is said again in the field."""
    for words, language in ((vocabulary.COMMON, "en"), (vocabulary.MEDIUM, "en")):
        yield [f"/{language}/search/?q={quote(words[0])}", words[0]]
        yield [f"/zh-hans/search/?q={quote(words[1])}", words[1]]
    for city in City.objects.all():
        yield [f"/en/search/?q={quote(city.name_en)}", city.name_en]
        yield [f"/zh-hans/search/?q={quote(city.name_zh)}", city.name_zh]


def details():
    """Public records with their names; made-up ones and those of data/."""
    folders = ((Zone, "zones"), (Project, "projects"))
    for model, folder in folders:
        for row in model.objects.published().order_by("pk")[:RECORDS]:
            for language in LANGUAGES:
                with translation.override(language):
                    yield [f"/{language}/{folder}/{row.slug}/", str(row.name)]


def files(lists):
    """Files of rows: of filtered lists of projects, and of all zones."""
    for query in [query for query in lists if len(query.pairs) > 1][:40]:
        yield [f"/en/projects.csv?{query}", ","]
    for language in LANGUAGES:
        yield [f"/{language}/zones.csv", ","]


def make_editors(count):
    """Publishers of the province, who may save what is public."""
    group = Group.objects.get(name="publishers")
    for number in range(count):
        user, _created = User.objects.get_or_create(username=f"load-{number}", defaults={"is_staff": True})
        user.set_password(PASSWORD)
        user.save()
        user.groups.add(group)
        Territory.objects.get_or_create(user=user, province=True)
