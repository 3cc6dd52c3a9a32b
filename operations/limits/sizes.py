"""How large the body of a request may be: judged by what it says of itself, before any of it is read."""

from django.conf import settings


def is_too_large(request):
    """Whether a request announces a longer body than its page takes.

    A body without a length is read as empty, by Django, and one that is longer than it said is cut off.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    takes_files = request.resolver_match.view_name in settings.UPLOAD_ROUTES
    return length > (settings.MAX_UPLOAD_BYTES if takes_files else settings.MAX_BODY_BYTES)
