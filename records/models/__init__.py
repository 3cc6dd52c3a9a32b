from records.models.aspect import Aspect
from records.models.kinds import carries_statements, carrying_models
from records.models.loaded import LoadedRecord
from records.models.record import PublicQuerySet, Record, RecordQuerySet, State, record_models
from records.models.source import Source
from records.models.statement import Statement

__all__ = [
    "Aspect",
    "LoadedRecord",
    "PublicQuerySet",
    "Record",
    "RecordQuerySet",
    "Source",
    "State",
    "Statement",
    "carries_statements",
    "carrying_models",
    "record_models",
]
