from business_environment.filters.costs import CostFilter
from business_environment.filters.indicators import IndicatorFilter
from business_environment.filters.policies import PolicyFilter
from business_environment.filters.procedures import ProcedureFilter
from business_environment.filters.transport import TransportFilter

__all__ = ["CostFilter", "IndicatorFilter", "PolicyFilter", "ProcedureFilter", "TransportFilter"]
