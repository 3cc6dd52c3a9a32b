from desk.models.completeness import Completeness
from desk.models.finding import Finding, FindingQuerySet
from desk.models.importing import Import, ImportRow, ImportState
from desk.models.link import LinkCheck
from desk.models.question import Question
from desk.models.signin import SignIn, SignInQuerySet

__all__ = [
    "Completeness",
    "Finding",
    "FindingQuerySet",
    "Import",
    "ImportRow",
    "ImportState",
    "LinkCheck",
    "Question",
    "SignIn",
    "SignInQuerySet",
]
