from records.models.aspect import Aspect
from records.models.kinds import carries_statements, carrying_models
from records.models.loaded import LoadedRecord
from records.models.pending import Note, PendingChange, PendingState
from records.models.record import NOWHERE, PublicQuerySet, Record, RecordQuerySet, State, record_models
from records.models.source import Source
from records.models.statement import Statement
from records.models.translation import StaleTranslation
from records.models.version import Route, Version

__all__ = [
    "NOWHERE",
    "Aspect",
    "LoadedRecord",
    "Note",
    "PendingChange",
    "PendingState",
    "PublicQuerySet",
    "Record",
    "RecordQuerySet",
    "Route",
    "Source",
    "StaleTranslation",
    "State",
    "Statement",
    "Version",
    "carries_statements",
    "carrying_models",
    "record_models",
]
