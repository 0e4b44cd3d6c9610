"""In a real browser: after a click the page that it opened is there to be read."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page


def wait_for_what_they_open() -> None:
    """A click comes back when the answer to it has begun to arrive, and the page is still empty then.
    What asks the page once (`content`, `count`, `all_inner_texts`) would find nothing on a slow machine.
    """
    for kind, page_of in ((Page, lambda page: page), (Locator, lambda locator: locator.page)):
        for name in ("click", "press"):
            setattr(kind, name, _and_wait(getattr(kind, name), page_of))


def _and_wait(act: Callable, page_of: Callable) -> Callable:
    def waiting(subject: Page | Locator, *args: object, **options: object) -> None:
        act(subject, *args, **options)
        page = page_of(subject)
        if not page.is_closed():
            page.wait_for_load_state("domcontentloaded")

    return waiting
