"""`script/shots` forgets no page: its list is compared with the addresses."""

from bench.shots import listed
from bench.shots.routes import our_routes


def test_every_page_of_ours_is_photographed_or_says_why_not():
    assert listed.forgotten() == []


def test_a_page_that_is_not_listed_is_named(monkeypatch):
    kept = [shot for shot in listed.SHOTS if shot.route != "console:site_open"]
    monkeypatch.setattr(listed, "SHOTS", kept)
    assert listed.forgotten() == ["console:site_open: no picture, and not in NO_PAGE"]


def test_a_line_for_an_address_that_is_gone_is_named(monkeypatch):
    monkeypatch.setitem(listed.NO_PAGE, "gone", "a download")
    assert listed.forgotten() == ["gone: in NO_PAGE, but no address of ours"]


def test_a_viewset_of_ours_counts_and_wagtails_own_does_not():
    ours = our_routes("centre")
    assert {"console:step", "trades:add", "apply", "mfa_index"} <= ours
    assert not {name for name in ours if name.startswith("wagtail")}
