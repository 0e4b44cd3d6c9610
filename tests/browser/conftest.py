"""Pages of an old phone and of a desktop, on the real server of the fixture `site`."""

import pytest


@pytest.fixture
def phone(chromium):
    """A page of 390 pixels without scripts: an old phone."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 800}, locale="zh-CN", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def desktop(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    yield context.new_page()
    context.close()
