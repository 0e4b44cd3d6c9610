"""Wagtail's page for one row, where two people may have it open at once."""

from typing import Any

from wagtail.admin.views import generic

from tenants.seen import SeenForm


class EditSeen(generic.EditView):  # type: ignore[misc]
    """Tells the second of two people what the first has changed: see tenants/seen.py."""

    def get_form_class(self) -> Any:
        found = super().get_form_class()
        return type(found)(f"Seen{found.__name__}", (SeenForm, found), {})
