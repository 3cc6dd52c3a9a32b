"""The steps of one kind of project, in their order, and how long they take as far as days are stated.

Which procedures are steps, and which waits for which, are rows that staff edit (`ProcedureRule`,
`Prerequisite`); this package only follows them. It asks the database for nothing but `path_procedures()`.
"""

from business_environment.permit_path.finding import find_path, path_procedures
from business_environment.permit_path.spans import Span
from business_environment.permit_path.steps import PermitPath, Step

__all__ = ["PermitPath", "Span", "Step", "find_path", "path_procedures"]
