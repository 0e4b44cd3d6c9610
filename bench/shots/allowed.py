"""Violations inside Wagtail's own chrome that we cannot mend: rule, selector, reason.

A node is allowed only when it matches the selector itself, on a page of Wagtail's admin.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Allowed:
    rule: str
    selector: str
    reason: str


ALLOWED: list[Allowed] = [
    Allowed(
        "aria-input-field-name",
        ".public-DraftEditor-content",
        "Wagtail's editor of rich text gives its field no name; the block's label stands above it",
    ),
]

#: Wagtail's own, on no page of ours alone: side panels and the minimap lie beside the screen until
#: they are opened, bulk actions below it until a row is ticked, and the button for a comment shows
#: when a mouse is over its field. Its <main> keeps all of them out of sight.
FOLDED = ".form-side, .w-minimap, .w-minimap__toggle, .w-field__comment-button, .footer__container:has(.bulk-actions-buttons)"
