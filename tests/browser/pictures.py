"""The pictures of docs/editing.md in both languages, taken anew: `make pictures`.

They show the shipped data and a few made-up records, which are called examples. Whoever changes a page that
they show takes them again, looks at them, and commits them.
"""

import io
import os
import sys
import tempfile
from pathlib import Path

import django
import openpyxl
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.pages import LANGUAGES
from tests.chromium import MISSING, find_chromium, launch_options

FOLDER = Path("docs/pictures")
WINDOW = {"width": 1280, "height": 900}
# Enough for pages without photographs; a third of the bytes.
COLOURS = 64
# Left around the part of a page that is kept alone, in pixels.
EDGE = 20
WORDS = {
    "en": {
        "locale": "en-GB",
        "note": "The report has the area of 2026 on page 3. Please look at the level too.",
        "why": "The report of 2026 gives the area after the extension.",
        "ready": "Complete as far as the sources go.",
        "zone": "Example Zone",
        "park": "Example Park",
        "headings": ["Address", "Name (English)", "City", "Type", "Area, km²"],
        "new": "Second Example Zone",
        "city": "Changzhi",
        "type": "Economic and technological development zone",
    },
    "zh-hans": {
        "locale": "zh-CN",
        "note": "2026年报告第3页载有最新面积，级别也请一并核对。",
        "why": "2026年报告载明扩区后的面积。",
        "ready": "已按现有来源填写完整。",
        "zone": "示例开发区",
        "park": "示例产业园",
        "headings": ["网址标识", "名称（中文）", "城市", "类型", "面积（平方公里）"],
        "new": "第二示例开发区",
        "city": "长治市",
        "type": "经济（技术）开发区",
    },
}
# An editor of one city, a publisher of the province, and what lies between them.
SCENE = """
import datetime
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone
from desk.completeness import record_completeness
from desk.findings import run
from records import history, pending
from records.dates import PartialDate
from records.models import Aspect
from records.snapshots import taken
from tests.factories import make_source, make_statement, make_zone
from tests.serving import PASSWORD
from zones.models import City, Territory

changzhi = City.objects.get(slug="changzhi")
User.objects.create_superuser("admin", password=PASSWORD)
people = {}
for name, group, place in [
    ("liwen", "editors", {"city": changzhi}), ("wangjing", "publishers", {"province": True})
]:
    people[name] = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    people[name].groups.add(Group.objects.get(name=group))
    Territory.objects.create(user=people[name], **place)
editor = people["liwen"]

older, newer = (
    make_source(
        publisher_en="Example Office", publisher_zh="示例办公室", title=f"示例开发区概况（{year}年）",
        title_lang="zh-hans", kind="government", date=PartialDate(str(year)),
        slug=f"example-office-{year}", url=f"https://office.example/{year}",
    )
    for year in (2019, 2026)
)
area = Aspect.objects.get(key="area")
zone = make_zone(
    slug="example-zone", name_en="Example Zone", name_zh="示例开发区", city=changzhi, area_km2=37,
    check_due_on=timezone.localdate() - datetime.timedelta(days=3),
)
old = make_statement(zone, aspect=area, number=37, source=older, as_of=PartialDate("2019"))


class Undone(Exception):
    pass


try:
    with transaction.atomic():
        old.adopted = False
        old.save()
        make_statement(zone, aspect=area, number=52, source=newer, as_of=PartialDate("2026"))
        zone.area_km2 = 52
        zone.save()
        wanted = taken(zone)
        raise Undone
except Undone:
    zone.refresh_from_db()
change = pending.propose(zone, wanted, by=editor, why=WORDS["why"])
pending.add_note(zone, WORDS["note"], by=editor, pending=change)

with history.keeping(
    lambda: make_zone(
        slug="example-park", name_en="Example Park", name_zh="示例产业园", city=changzhi, type="other",
        state="in-review", created_by=editor, changed_by=editor,
    ),
    by=editor, route="admin",
) as changes:
    for make in list(changes.new):
        park = make()
    changes.new[:] = [park]
pending.add_note(park, WORDS["ready"], by=editor)
run()
record_completeness(timezone.localdate())
"""


class Photographer:
    """Somebody of staff in a browser of one language, and the pictures of what they see."""

    def __init__(self, browser, site, language, name):
        from tests.serving import PASSWORD

        self.site, self.language, self.words = site, language, WORDS[language]
        context = browser.new_context(viewport=WINDOW, locale=self.words["locale"], reduced_motion="reduce")
        self.page = context.new_page()
        self.open("/admin/login/")
        self.page.fill("[name=login], [name=username]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.locator("#login-form [type=submit]").click()
        self.page.locator(".desk, #content-main").first.wait_for()

    def open(self, path):
        self.page.goto(self.site.url + path)

    def follow(self, path, text):
        """Open a list and the row that has this text."""
        self.open(path)
        self.page.locator("#result_list").get_by_role("link", name=text).first.click()

    def take(self, name, *, upto=None, of=None, height=WINDOW["height"]):
        """Keep the head of the page down to a height or the end of `upto`, or the part `of` it alone.

        Both are selectors.
        """
        clip = {"x": 0, "y": 0, "width": WINDOW["width"], "height": height}
        if box := (upto or of) and self.page.locator(upto or of).last.bounding_box():
            if of:
                clip = {side: box[side] - EDGE for side in ("x", "y")}
                clip["width"] = box["width"] + 2 * EDGE
            clip["height"] = box["y"] + box["height"] + EDGE - clip["y"]
        picture = Image.open(io.BytesIO(self.page.screenshot(clip=clip, full_page=True))).convert("RGB")
        picture = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        picture.save(FOLDER / f"{name}.{self.language}.png", optimize=True)


def take(browser, site, language):
    """All pictures of one language, along the way of one change from its proposal to the public."""
    words = WORDS[language]
    publisher = Photographer(browser, site, language, "wangjing")
    publisher.take("desk")
    publisher.open("/admin/account/")
    publisher.take("sign-in", upto="table")
    publisher.follow("/admin/zones/zone/?q=example-park", words["park"])
    publisher.take("review", height=690)
    ask_to_withdraw(publisher.page, site)
    publisher.take("retire", upto=".submit-row")
    publisher.follow("/admin/records/pendingchange/", words["zone"])
    publisher.take("pending", upto=".notes")
    publisher.page.locator("button[value=approve]").click()
    publisher.page.locator(".messagelist .success").wait_for()
    publisher.follow("/admin/zones/zone/?q=example-zone", words["zone"])
    publisher.page.locator(".historylink").click()
    publisher.take("history", upto=".history__entry")
    publisher.open(f"/{language}/zones/example-zone/")
    publisher.take("changes", of=".record-changes")

    editor = Photographer(browser, site, language, "liwen")
    editor.open("/admin/desk/import/add/?kind=zones")
    upload(editor.page, words)
    editor.take("import", upto="#result_list")

    administrator = Photographer(browser, site, language, "admin")
    administrator.follow("/admin/auth/user/?q=liwen", "liwen")
    administrator.take("territories", of="#territories-group")


def ask_to_withdraw(page, site):
    page.goto(f"{site.url}/admin/zones/zone/?q=example-zone")
    page.locator("#result_list [name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("withdraw")
    page.locator("#changelist-form [name=index]").first.click()


def upload(page, words):
    """Upload a workbook with a row that changes a public record, and one that is new."""
    place = words["city"], words["type"]
    book = openpyxl.Workbook()
    book.active.append(words["headings"])
    book.active.append(["example-zone", words["zone"], *place, 53.5])
    book.active.append(["second-example-zone", words["new"], *place, 12.5])
    content = io.BytesIO()
    book.save(content)
    file = {"name": "zones.xlsx", "mimeType": "application/octet-stream", "buffer": content.getvalue()}
    page.set_input_files("[name=file]", file)
    page.locator("form:has([name=file]) [type=submit]").click()
    # The page of the import looks again by itself until all rows are checked.
    page.locator("#result_list").wait_for()


def main():
    path = find_chromium()
    if path is None:
        sys.exit(MISSING)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanxi_portal.settings")
    django.setup()
    from tests.serving import Ground, Server

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        ground = Ground(Path(directory)).migrate().load().collect()
        browser = playwright.chromium.launch(**launch_options(path))
        for language in LANGUAGES:
            with Server(ground, f"pictures-{language}") as site:
                scene = f"WORDS = {WORDS[language]!r}\n{SCENE}"
                ground.manage("shell", "--verbosity=0", "--command", scene, database=site.name)
                take(browser, site, language)
        browser.close()
    sys.stdout.write(f"{len(list(FOLDER.iterdir()))} pictures are in {FOLDER}\n")


if __name__ == "__main__":
    main()
