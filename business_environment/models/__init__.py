from business_environment.models.cost import Cost
from business_environment.models.indicator import Indicator, IndicatorValue
from business_environment.models.permit_path import (
    PathAnswer,
    PathQuestion,
    Prerequisite,
    ProcedureRule,
)
from business_environment.models.policy import Policy
from business_environment.models.procedure import Procedure
from business_environment.models.reform import (
    AccountPart,
    LegalText,
    Reform,
    ReformAccount,
    ReformCase,
    ReformEvent,
)
from business_environment.models.transport import TransportLink

__all__ = [
    "AccountPart",
    "Cost",
    "Indicator",
    "IndicatorValue",
    "LegalText",
    "PathAnswer",
    "PathQuestion",
    "Policy",
    "Prerequisite",
    "Procedure",
    "ProcedureRule",
    "Reform",
    "ReformAccount",
    "ReformCase",
    "ReformEvent",
    "TransportLink",
]
