"""How staff keep records: one form for every kind, and the four moves between the states.

Other apps build on `RecordAdmin` (a kind of record), `CarriesStatements` (anything that statements are
made about) and `PartAdmin` (a row that belongs to a record). A state is never edited: it is moved by an
action, which checks the whole record, is written to the log and names each record that it left alone.
"""

from records.admin.base import DeletedWithDraft, KeyedAdmin, PartAdmin, StaffAdmin, StaffInline
from records.admin.pending import PendingChangeAdmin
from records.admin.records import RecordAdmin
from records.admin.reference import AspectAdmin, LoadedRecordAdmin, SourceAdmin
from records.admin.statements import CarriesStatements, StatementAdmin, StatementInline
from records.admin.territories import HeldFieldListFilter

__all__ = [
    "AspectAdmin",
    "CarriesStatements",
    "DeletedWithDraft",
    "HeldFieldListFilter",
    "KeyedAdmin",
    "LoadedRecordAdmin",
    "PartAdmin",
    "PendingChangeAdmin",
    "RecordAdmin",
    "SourceAdmin",
    "StaffAdmin",
    "StaffInline",
    "StatementAdmin",
    "StatementInline",
]
