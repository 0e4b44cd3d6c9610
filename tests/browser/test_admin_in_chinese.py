"""The admin as a browser draws it, scripts and all: no English is left on a clerk's and a director's pages."""

import os
from pathlib import Path

import pytest
from django_tenants.utils import tenant_context

from courses.models import CoursePage
from tests.browser.test_main_job import sign_in
from tests.cast import base
from tests.isolation.test_admin_in_chinese import DATA, english

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser
KEEP = os.environ.get("ADMIN_PICTURES", "")  # a folder for pictures of what was seen

#: What is drawn and what is read aloud, nothing that is hidden, open shadow trees too.
SEEN = """() => {
    const texts = [];
    const walk = (root) => {
        for (const each of root.querySelectorAll('*')) {
            if (each.shadowRoot) walk(each.shadowRoot);
            if (!each.checkVisibility()) continue;
            if (each.closest('script, style, noscript, template, code, [lang=en], [lang=ko]')) continue;
            for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
                if (each.getAttribute(name)) texts.push(each.getAttribute(name));
            for (const node of each.childNodes)
                if (node.nodeType === 3 && node.textContent.trim()) texts.push(node.textContent);
        }
    };
    walk(document);
    return texts;
}"""


def look(page, address, name, width):
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if KEEP:
        page.screenshot(path=str(Path(KEEP) / f"{name}-{width}.png"), full_page=True)
    return {text for text in english(page.evaluate(SEEN)) if not DATA.match(text)}


@pytest.mark.parametrize(("slug", "role"), [("north", "clerk"), ("centre", "director")])
def test_the_drawn_admin_has_no_english(committed, site, chromium, slug, role):
    with tenant_context(base("north")):
        page_id = CoursePage.objects.get().pk
    paths = {
        "home": "/admin/",
        "explorer": "/admin/pages/",
        "images": "/admin/images/",
        "image-add": "/admin/images/add/",
        "history": "/admin/reports/site-history/",
        "account": "/admin/account/",
    }
    if slug == "north":
        paths |= {
            "page": f"/admin/pages/{page_id}/edit/",
            "page-history": f"/admin/pages/{page_id}/history/",
            "page-move": f"/admin/pages/{page_id}/move/",
            "projects": "/admin/projects/",
            "search": "/admin/pages/search/?q=缝纫",
        }
    else:
        paths |= {"trades": "/admin/trades/", "rule": "/admin/rule-sets/", "bases": "/admin/bases/"}
    found = {}
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    after = "/desk/" if slug == "north" else "/admin/bases/"
    sign_in(page, site, role, slug=slug, after=after)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for name, path in paths.items():
            for text in look(page, site(slug, path), f"{slug}-{name}", width):
                found.setdefault(text, path)
    context.close()
    assert found == {}
