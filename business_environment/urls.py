from django.urls import path

from business_environment.views import (
    approvals,
    costs,
    indicators,
    overview,
    permit_path,
    policies,
    procedures,
    transport,
)

app_name = "business_environment"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("approvals/", approvals.approvals, name="approvals"),
    # Before the address of a procedure, which it would be taken for.
    path("approvals/ledger/", procedures.ProcedureListView.as_view(), name="ledger"),
    path("approvals/ledger.csv", procedures.ProcedureExportView.as_view(), name="ledger-export"),
    path("approvals/<slug:slug>/", procedures.ProcedureDetailView.as_view(), name="procedure"),
    path("permit-path/", permit_path.PermitPathView.as_view(), name="permit-path"),
    path("permit-path.csv", permit_path.PermitPathExportView.as_view(), name="permit-path-export"),
    path("permit-path.ics", permit_path.PermitPathCalendarView.as_view(), name="permit-path-calendar"),
    path("indicators/", indicators.IndicatorListView.as_view(), name="indicators"),
    path("indicators.csv", indicators.IndicatorExportView.as_view(), name="indicators-export"),
    path("indicators/<slug:slug>/", indicators.IndicatorDetailView.as_view(), name="indicator"),
    path("policies/", policies.PolicyListView.as_view(), name="policies"),
    path("policies.csv", policies.PolicyExportView.as_view(), name="policies-export"),
    path("policies/<slug:slug>/", policies.PolicyDetailView.as_view(), name="policy"),
    path("costs/", costs.CostListView.as_view(), name="costs"),
    path("costs.csv", costs.CostExportView.as_view(), name="costs-export"),
    path("costs/<slug:slug>/", costs.CostDetailView.as_view(), name="cost"),
    path("transport/", transport.TransportLinkListView.as_view(), name="transport"),
    path("transport.csv", transport.TransportLinkExportView.as_view(), name="transport-export"),
    path("transport/<slug:slug>/", transport.TransportLinkDetailView.as_view(), name="transport-link"),
]
