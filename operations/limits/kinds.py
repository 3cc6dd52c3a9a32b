"""What a request is counted as, told by its route: how often it may be asked, and whether it is costly."""

from enum import StrEnum

from django.conf import settings


class Kind(StrEnum):
    """What is counted for itself; the names are those of the variables: LIMIT_SEARCH and so on."""

    SEARCH = "search"
    SUGGESTIONS = "suggestions"
    EXPORT = "export"
    FACT_SHEETS = "fact_sheets"
    SIGN_IN = "sign_in"

    @property
    def is_file(self):
        """Whether the answer is a file, which may take long to make and to send."""
        return self in (Kind.EXPORT, Kind.FACT_SHEETS)

    @property
    def is_costly(self):
        """Whether the answer needs one of the places for costly ones."""
        return self is not Kind.SIGN_IN


def kind_of(request):
    """The kind of a request whose route is known (`request.resolver_match`); None if it is not limited.

    A list that is searched counts as a search. To sign in is to send a form: looking at it is free.
    """
    kind = settings.LIMITED_ROUTES.get(request.resolver_match.view_name)
    if kind == Kind.SIGN_IN:
        return Kind.SIGN_IN if request.method == "POST" else None
    if kind is None and request.GET.get("q") and not request.path_info.startswith(settings.UNCACHED_PATHS):
        return Kind.SEARCH
    return Kind(kind) if kind else None
