"""What tests of pending changes share: proposing one, looking at it, deciding on it."""

from django.urls import reverse

from records.models import PendingChange
from tests.records.staff import make_user, page, save


def change_page(change, role="change", *args):
    return reverse(f"admin:records_pendingchange_{role}", args=[change.pk, *args])


def editing_page(change):
    return f"{page(change.record, 'change')}?pending={change.pk}"


def pend(client, zone, author="editors", **fields):
    """Have somebody of a group, signed in from now on, propose a change of a public zone."""
    client.force_login(author if not isinstance(author, str) else make_user(author, username="author"))
    save(client, zone, **fields)
    return PendingChange.objects.latest("pk")


def decide(client, change, decision, user="publishers", **fields):
    """Have somebody of a group, signed in from now on, decide on a change; the page that follows."""
    client.force_login(make_user(user, username="reviewer") if isinstance(user, str) else user)
    data = {"decision": decision, "note": "", "seen": shown(client, change)} | fields
    return client.post(change_page(change), data, follow=True)


def shown(client, change):
    """What the page of a change says that it shows."""
    return client.get(change_page(change)).context.get("seen", "")
