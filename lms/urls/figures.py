"""Figures and monthly reports, at the centre."""

from django.urls import path, register_converter

from certificates.figures.views import archives, behind, dashboard, reports


class Month:
    """`2026-05`"""

    regex = "20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Month, "month")
_one = "desk/figures/reports/<month:month>/<int:number>/"
urlpatterns = [
    path("desk/figures/", dashboard.dashboard, name="figures"),
    path("desk/figures/bases/<slug:slug>/", dashboard.base_figures, name="figures_base"),
    path("desk/figures/number/", behind.number_by_base, name="figures_by_base"),
    path("desk/figures/names/<slug:slug>/", behind.names, name="figures_names"),
    path("desk/figures/looks/", behind.looks, name="figures_looks"),
    path("desk/figures/labour/", reports.rural_labour, name="rural_labour"),
    path("desk/figures/archives/", archives.archives, name="figures_archives"),
    path("desk/figures/reports/", reports.report_months, name="report_months"),
    path(_one, reports.report_month, name="report_month"),
    path(f"{_one}sign/", reports.report_sign, name="report_sign"),
    path(f"{_one}correct/", reports.report_correct, name="report_correct"),
    path(f"{_one}report.pdf", reports.report_pdf, name="report_pdf"),
]
