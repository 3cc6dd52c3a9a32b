"""When sessions of staff end: some hours after signing in, after a pause, and when somebody ends them."""

import time

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

# What a session remembers, in seconds since 1970. Only one that began by signing in has these.
BEGAN, SEEN = "desk.began", "desk.seen"
# Seconds: a session is written no more often than this just because somebody is there.
GRAIN = 60


def begin(request):
    """Start the clocks of a session whose user has just signed in."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def seconds_since_signing_in(request):
    """How long ago a session began; None for one that did not begin by signing in."""
    began = request.session.get(BEGAN)
    return None if began is None else time.time() - began


def is_over(request):
    """Whether a session has lasted too long (SESSION_COOKIE_AGE) or was left alone (SESSION_IDLE_SECONDS).

    So is one that was seen at a time to come, since a clock was put back: who knows how long it has lasted?
    One that goes on is marked as seen.
    """
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if began is None or seen is None:
        return False
    now = int(time.time())
    if seen > now + GRAIN:
        return True
    if now - began >= settings.SESSION_COOKIE_AGE or now - seen >= settings.SESSION_IDLE_SECONDS:
        return True
    if now - seen >= GRAIN:
        request.session[SEEN] = now
    return False


def end(user=None, *, keep=None):
    """End the sessions of a user, or of everybody, but for the one with the key `keep`; how many those were.

    A sign-in that waits for its second factor ends with them, and does not count. Sessions do not say whose
    they are without being read; there are as many as there are staff at work.
    """
    ended = 0
    current = Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=keep)
    for session in current.iterator(chunk_size=500):
        data = session.get_decoded()
        owner, waiting = data.get(SESSION_KEY), (data.get(LOGIN_SESSION_KEY) or {}).get("user_pk")
        if not (owner or waiting):
            continue
        if user is None or owner == str(user.pk) or waiting == user_pk_to_url_str(user):
            session.delete()
            ended += owner is not None
    return ended


def clear_old():
    """Delete the sessions that have ended by themselves; how many those were. For the nightly run."""
    return Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]
