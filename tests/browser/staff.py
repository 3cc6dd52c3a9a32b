"""Staff at work for browser tests: who there is, what waits for them, and how they sign in."""

from tests.serving import PASSWORD

# Something under every heading of the desk, in the shipped data, and a record for each test that writes.
WORK = f"""
import datetime
from django.contrib.auth.models import Group, User
from django.utils import timezone
from desk.completeness import record_completeness
from desk.findings import run
from desk.models import Completeness, Question
from records import history, pending
from records.models import Statement
from records.snapshots import taken
from records.undone import undone
from tests.factories import make_zone
from zones.models import City, Territory, Zone

today = timezone.localdate()
city = City.objects.get(slug="changzhi")
editor, publisher = (User.objects.get(username=name) for name in ("editor", "publisher"))
local = User.objects.create_user("changzhi", password="{PASSWORD}", is_staff=True)
local.groups.add(Group.objects.get(name="editors"))
Territory.objects.create(user=local, city=city)

# Due, behind in one language, changed in public, asked about.
Zone.objects.update(check_due_on=None)
Statement.objects.update(check_due_on=None)
for slug in ("jincheng-etdz", "datong-etdz"):
    zone = Zone.objects.get(slug=slug)
    with history.keeping(zone, by=editor, route="action", why="The report of 2026 says so."):
        zone.summary_en += " It has changed."
        zone.save()
Zone.objects.filter(pk=zone.pk).update(check_due_on=today - datetime.timedelta(days=3))
changed = Zone.objects.get(slug="jincheng-etdz")
with history.keeping(changed, by=publisher, route="action", why="The report of 2026 says so."):
    changed.area_km2 = 98
    changed.save()
Question.objects.create(note=pending.add_note(zone, "Which area is it?", by=editor), asked=publisher)

# In review, waiting for approval, and on its way through all states.
values = {{"city": city, "created_by": editor, "changed_by": editor}}
make_zone(slug="reviewed-zone", name_en="Reviewed zone", state="in-review", **values)
make_zone(slug="moving-zone", name_en="Moving zone", state="draft", **values)
waiting = make_zone(slug="waiting-zone", name_en="Waiting zone", area_km2=37, **values)
with undone():
    waiting.area_km2, waiting.summary_en = 52, "Larger since 2026."
    waiting.save()
    wanted = taken(waiting)
waiting.refresh_from_db()
pending.propose(waiting, wanted, by=editor, why="The report of 2026 says so.")

run()
record_completeness(today)
rows = list(Completeness.objects.all())
for days, share in ((45, 30), (90, 20)):
    for row in rows:
        row.pk, row.day, row.share = None, today - datetime.timedelta(days=days), share
    Completeness.objects.bulk_create(rows)
"""


class Staff:
    """The people of a site at work: each signs in once, however many browsers they open after that."""

    def __init__(self, site, new_context):
        self.site, self.new_context = site, new_context
        site.signed_in = getattr(site, "signed_in", {})

    def page_of(self, name, **options):
        """A new browser of somebody who is signed in; `options` are those of `browser.new_context`."""
        if name not in self.site.signed_in:
            self.site.signed_in[name] = self._sign_in(name)
        return self.new_context(storage_state=self.site.signed_in[name], **options).new_page()

    def _sign_in(self, name):
        context = self.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{self.site.url}/admin/login/?next=/admin/account/")
        page.fill("[name=login], [name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.locator("#login-form [type=submit]").click()
        page.wait_for_url(f"{self.site.url}/admin/account/")
        return context.storage_state()

    def open_record(self, page, slug, kind="zones/zone"):
        """Open the form of a record, which the list finds by its address."""
        page.goto(f"{self.site.url}/admin/{kind}/?q={slug}")
        page.locator("#result_list tbody th a").first.click()
