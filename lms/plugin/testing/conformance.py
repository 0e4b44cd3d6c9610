"""What every plugin must be: gone while it is off, there while it is on, and alone with itself.

A plugin passes through it with three lines; docs/reference/plugin-api.md shows them.
"""

import re
from pathlib import Path

import pytest

from lms.plugin.testing import inside, plugin_on, tenant_of

CJK = re.compile(r"[\u3400-\u9fff]")
STAFF = {"base": "manager", "centre": "director"}


class Conformance:
    """Set `plugin` to the plugin's name."""

    plugin = ""

    # -- what it is ---------------------------------------------------------------------------

    @property
    def config(self):
        from tenants.plugins.registry import installed

        return installed()[self.plugin]

    @property
    def slugs(self):
        """The tenants of the cast that can have the plugin."""
        kinds = {"north": "base", "south": "base", "centre": "centre"}
        return [slug for slug, kind in kinds.items() if self.config.made_for(kind)]

    @property
    def folder(self):
        return Path(self.config.path)

    def addresses(self, slug):
        """The plugin's addresses without place holders at that tenant."""
        from django.urls import get_resolver

        kind = tenant_of(slug).type
        resolver = get_resolver(f"lms.urls.{kind}")
        return sorted(set(_addresses(resolver.url_patterns, "/", "", self.plugin)))

    def contributions(self):
        from tenants.plugins.points import POINTS

        return [c for point in POINTS.values() for c in point.on() if c.plugin == self.plugin]

    # -- off and on ---------------------------------------------------------------------------

    def test_off_means_gone(self, visit, db):
        for slug in self.slugs:
            with plugin_on(slug, self.plugin, on=False):
                role = STAFF[tenant_of(slug).type]
                for address in self.addresses(slug):
                    for person in ("", role):
                        assert visit(slug, person).get(address, follow=False).status_code in (
                            (404,) if person or not address.startswith("/admin/") else (302, 404)
                        ), address
                home = visit(slug, role).get("/admin/").content.decode()
                for address in self.addresses(slug):
                    assert f'"{address}"' not in home, f"{address} in the menu"
                with inside(slug):
                    assert self.contributions() == []
                    assert self._permissions(role) == set()
                    assert not [page for page in self._page_types() if page.can_create_at(_home())]

    def test_on_means_there(self, visit, db):
        for slug in self.slugs:
            with plugin_on(slug, self.plugin):
                role = STAFF[tenant_of(slug).type]
                for address in self.addresses(slug):
                    found = visit(slug, role).get(address).status_code
                    assert found in (200, 301, 302, 403, 405), (address, found)
                with inside(slug):
                    given = set(self.config.roles.get(role, ()))
                    assert given <= self._permissions(role), "its roles are not given"

    def test_it_is_off_again_after_it_was_on(self, visit, db):
        for slug in self.slugs:
            with plugin_on(slug, self.plugin):
                pass
            with plugin_on(slug, self.plugin, on=False):
                for address in self.addresses(slug):
                    role = STAFF[tenant_of(slug).type]
                    assert visit(slug, role).get(address).status_code == 404, address

    def test_it_does_not_exist_at_a_tenant_that_it_is_not_made_for(self, visit, db):
        for slug in {"north", "centre"} - set(self.slugs):
            with plugin_on(slug, self.plugin):
                for address in self.addresses(slug):
                    role = STAFF[tenant_of(slug).type]
                    assert visit(slug, role).get(address).status_code == 404, address
                with inside(slug):
                    assert self.contributions() == []

    def test_two_tenants_do_not_see_each_other(self, visit, db):
        if len(self.slugs) < 2:
            pytest.skip("made for one tenant")
        first, second = self.slugs[:2]
        with plugin_on(first, self.plugin), plugin_on(second, self.plugin, on=False):
            for address in self.addresses(second):
                role = STAFF[tenant_of(second).type]
                assert visit(second, role).get(address).status_code == 404, address
            with inside(second):
                assert self.contributions() == []

    def _permissions(self, role):
        from tenants.staff.models import User

        user = User.objects.get(username=role)
        return {
            name.partition(".")[2]
            for name in user.get_all_permissions()
            if name.startswith(f"{self.plugin}.") and user.has_perm(name)
        }

    def _page_types(self):
        from wagtail.models import Page

        return [model for model in self.config.get_models() if issubclass(model, Page)]

    # -- tables and migrations ----------------------------------------------------------------

    def test_its_tables_are_in_every_tenants_schema_and_point_to_no_other(self, db):
        from django.db import connection

        from tenants.plugins.purge import tables_of

        tables = tables_of(self.plugin)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT schemaname, tablename FROM pg_tables WHERE tablename = ANY(%s)", [tables]
            )
            there = {}
            for schema, table in cursor.fetchall():
                there.setdefault(schema, set()).add(table)
            assert "public" not in there, "a tenant's table in the shared schema"
            if tables:
                for slug in ("north", "south", "centre"):
                    assert there[tenant_of(slug).schema_name] == set(tables)
            cursor.execute(
                "SELECT c.relname, fn.nspname, f.relname FROM pg_constraint k"
                " JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " JOIN pg_namespace fn ON fn.oid = f.relnamespace"
                " WHERE k.contype = 'f' AND n.nspname = %s AND fn.nspname <> n.nspname"
                " AND c.relname = ANY(%s)",
                [tenant_of("north").schema_name, tables],
            )
            shared = {table for _, _, table in cursor.fetchall()}
        assert shared <= {"tenants_division"}, "a foreign key to a shared table that is not allowed"

    def test_its_migrations_are_named_and_complete(self, db):
        from django.core.management import call_command

        names = [path.stem for path in (self.folder / "migrations").glob("0*.py")]
        assert not [name for name in names if "_auto_" in name]
        call_command("makemigrations", self.plugin, check=True, dry_run=True, verbosity=0)

    def test_its_tables_leave_with_plugin_purge(self, committed):
        from django.core.management import call_command
        from django.db import connection

        from tenants.models import Tenant
        from tenants.plugins.purge import tables_of

        Tenant.objects.update(plugins=[f"-{self.plugin}"])
        call_command("plugin_purge", self.plugin, yes=True, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_tables WHERE tablename = ANY(%s)", [tables_of(self.plugin)]
            )
            assert cursor.fetchone() == (0,)
        with inside("north"):
            from django.contrib.auth.models import Permission

            assert not Permission.objects.filter(content_type__app_label=self.plugin).exists()

    # -- what people read ---------------------------------------------------------------------

    def test_it_says_what_it_is_in_both_languages(self):
        config = self.config
        for chinese in (config.title, config.description):
            assert CJK.search(str(chinese)), chinese
        for english in (config.title_en, config.description_en):
            assert str(english).strip()
            assert not CJK.search(str(english)), english

    def test_every_chinese_message_has_an_english_one(self):
        from babel.messages.pofile import read_po

        wanted = set(_messages(self.folder))
        catalogue = self.folder / "locale" / "en" / "LC_MESSAGES" / "django.po"
        known = {}
        if catalogue.exists():
            with catalogue.open("rb") as file:
                known = {m.id: m.string for m in read_po(file) if m.id}
        missing = [text for text in sorted(wanted) if not known.get(text)]
        assert missing == []
        assert not [text for text in known.values() if CJK.search(str(text))]

    def test_its_screens_pass_axe_on_a_phone(self, site, chromium):
        from axe_playwright_python.sync_playwright import Axe
        from django.test import Client

        from tenants.staff.models import User

        faults = {}
        for slug in self.slugs[:1]:
            tenant = tenant_of(slug)
            with plugin_on(slug, self.plugin):
                client = Client(HTTP_HOST=f"{slug}.localhost")
                with inside(slug):
                    client.force_login(User.objects.get(username=STAFF[tenant.type]))
                context = chromium.new_context(viewport={"width": 390, "height": 800})
                context.add_cookies(
                    [
                        {"name": name, "value": cookie.value, "url": site(slug)}
                        for name, cookie in client.cookies.items()
                    ]
                )
                page = context.new_page()
                for address in self.addresses(slug):
                    answer = page.goto(site(slug, address))
                    if answer is None or answer.status != 200:
                        continue
                    if "<!doctype html" not in answer.text()[:200].lower():
                        continue  # a part of a page, or a file
                    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
                    for fault in found.response["violations"]:
                        faults[address, fault["id"]] = fault["nodes"][0]["html"][:300]
                context.close()
        assert not faults, "\n".join(f"{where}: {html}" for where, html in faults.items())


def _home():
    from wagtail.models import Site

    return Site.objects.get(is_default_site=True).root_page.specific


def _addresses(patterns, prefix, owner, plugin):
    from django.urls import URLResolver

    from tenants.plugins.gate import _name_spaces, owner_of
    from tenants.plugins.urls import PluginResolver

    for pattern in patterns:
        path = prefix + str(pattern.pattern).lstrip("^").rstrip("$")
        whose = owner
        if isinstance(pattern, URLResolver):
            if isinstance(pattern, PluginResolver):
                whose = pattern.plugin
            elif pattern.namespace in _name_spaces():
                whose = _name_spaces()[pattern.namespace]
            yield from _addresses(pattern.url_patterns, path, whose, plugin)
        elif (whose or owner_of(pattern.callback)) == plugin and not re.search(r"[<(\\]", path):
            yield path


def _messages(folder):
    """Chinese texts that are marked for translation in the plugin's modules and templates."""
    import io

    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    keywords = {"gettext": None, "_": None, "gettext_lazy": None, "ngettext": (1, 2)}
    for path in folder.rglob("*"):
        if path.suffix == ".py" and not {"migrations", "tests"} & set(path.parts):
            source = path.read_bytes()
        elif path.suffix == ".html":
            source = templatize(path.read_text(encoding="utf-8")).encode()
        else:
            continue
        for _line, found, *_rest in extract("python", io.BytesIO(source), keywords):
            for text in [found] if isinstance(found, str) else found:
                if CJK.search(text):
                    yield text
