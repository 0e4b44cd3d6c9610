"""Designs: edited and published by a base or its centre, frozen with each certificate."""

import io

import pymupdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django_tasks_db.models import DBTaskResult
from django_tenants.utils import tenant_context
from PIL import Image as Picture
from wagtail.images.models import Image

from certificates.designs.models import (
    CertificateDesign,
    DesignSignature,
    FrozenDesign,
    PaperDesign,
    PaperSigningKey,
)
from certificates.designs.services import previews
from certificates.designs.services.designs import current
from certificates.designs.services.keys import paper_key
from certificates.designs.shared.models import CentreDesign
from certificates.services.issue import issue_class
from certificates.services.papers import _path, paper
from tenants.append_only import FrozenRow
from tests.cast import base
from tests.story import finished

LIST = "/admin/designs/"


def picture(kind="PNG", mode="RGBA", name="seal.png"):
    buffer = io.BytesIO()
    Picture.new(mode, (300, 300), "red").save(buffer, kind)
    buffer.seek(0)
    return Image.objects.create(title=name, file=ImageFile(buffer, name=name))


def published(name="版式", **facts):
    made = CertificateDesign.objects.create(name=name, live=False, **facts)
    made.save_revision().publish()
    made.refresh_from_db()
    return made


def text_of(content):
    return "".join(pymupdf.open(stream=content)[0].get_text().split())


def test_without_any_design_the_built_in_one_is_frozen_once_for_all_certificates(north):
    certificates = issue_class(finished(people=3), None).certificates
    assert PaperDesign.objects.count() == 3
    assert FrozenDesign.objects.count() == 1
    assert {c.paper_design.design.facts["paper"] for c in certificates} == {"a4"}


def test_a_base_takes_its_centres_design_until_it_has_one_of_its_own(db):
    with tenant_context(base("centre")):
        published(title="全市培训合格证书", colour="blue")
    with tenant_context(base("north")):
        assert current().facts["title"] == "全市培训合格证书"
        published(title="基地培训合格证书")
        assert current().facts["title"] == "基地培训合格证书"
    with tenant_context(base("south")):
        assert current().facts["title"] == "全市培训合格证书"
    with tenant_context(base("centre")):
        CertificateDesign.objects.get().unpublish()
        assert not CentreDesign.objects.exists()
        published(title="另一个版式").delete()
        assert not CentreDesign.objects.exists()
    with tenant_context(base("south")):
        assert current().facts["title"] == "培训合格证书"


def test_a_draft_changes_no_paper_and_one_design_is_live_at_a_time(north):
    first = published("一")
    first.title = "草稿标题"
    first.save_revision()
    assert current().facts["title"] == "培训合格证书"
    second = published("二", title="培训结业证书")
    first.refresh_from_db()
    assert (first.live, second.live) == (False, True)
    assert current().facts["title"] == "培训结业证书"


def test_a_certificate_keeps_its_design_and_its_bytes_when_the_design_is_changed(north):
    seal = picture()
    design = published(seal="picture", seal_picture=seal, title="培训合格证书")
    DesignSignature.objects.create(design=design, name="周主任", title="主任", picture=seal)
    design.refresh_from_db()
    design.save_revision().publish()
    certificate = issue_class(finished(people=1), None).certificates[0]
    first = paper(certificate)
    assert "主任周主任" in text_of(first)
    design.title, design.seal = "培训结业证书", "none"
    design.save_revision().publish()
    seal.delete()
    _path(certificate).unlink()
    certificate.refresh_from_db()
    assert paper(certificate) == first, "drawn anew, and not a byte differs"


def test_what_is_frozen_cannot_be_changed(north):
    issue_class(finished(people=1), None)
    kept = FrozenDesign.objects.get()
    kept.facts = {}
    with pytest.raises(FrozenRow):
        kept.save()
    with pytest.raises(FrozenRow):
        PaperDesign.objects.all().delete()


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_picture_that_cannot_be_printed_is_refused_in_both_languages(north, kind):
    design = CertificateDesign(name="x", logo=picture(kind, "RGB", f"logo.{kind.lower()}"))
    with pytest.raises(ValidationError) as caught:
        design.full_clean()
    assert "这不是 JPEG 或 PNG" in str(caught.value)
    assert "no JPEG or PNG" in str(caught.value)


def test_a_file_that_only_calls_itself_a_picture_is_refused(north):
    logo = picture()
    with logo.file.storage.open(logo.file.name, "wb") as file:
        file.write(b"<svg onload=alert(1)>")
    with pytest.raises(ValidationError, match="JPEG"):
        CertificateDesign(name="x", logo=logo).full_clean()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"title": "职业技能等级证书"}, "cannot issue"),
        ({"note": "特种作业操作证"}, "cannot issue"),
        ({"note": "\U0003134a"}, "no font has"),
        ({"seal": "picture"}, "choose a picture"),
    ],
)
def test_a_design_that_would_say_what_it_may_not_is_refused(north, facts, said):
    with pytest.raises(ValidationError, match=said):
        CertificateDesign(name="x", **facts).full_clean()


def test_a_manager_edits_previews_and_publishes_and_a_clerk_does_not(visit):
    manager, clerk = visit("north", "manager"), visit("north", "clerk")
    assert clerk.get(LIST).status_code in (302, 403)
    with tenant_context(base("north")):
        design = published()
    page = manager.get(f"{LIST}edit/{design.pk}/")
    assert page.status_code == 200
    form = {
        "name": "新版式", "paper": "a5", "bilingual": "on", "title": "培训合格证书",
        "title_en": "Certificate of Training", "colour": "green", "logo": "", "seal": "drawn",
        "seal_picture": "", "photo": "on", "shown": ["number", "holder_name"], "note": "",
        "signatures-TOTAL_FORMS": "0", "signatures-INITIAL_FORMS": "0",
        "signatures-MIN_NUM_FORMS": "0", "signatures-MAX_NUM_FORMS": "3",
    }  # fmt: skip
    address = f"{LIST}preview/{design.pk}/"
    assert manager.post(address, form).json()["is_valid"]
    shown = manager.get(address + "?mode=")
    assert "后台正在制作样张" in shown.content.decode()
    manager.get(address)
    with tenant_context(base("north")):
        assert DBTaskResult.objects.filter(task_path__endswith="draw_preview").count() == 1
        digest = DBTaskResult.objects.get(task_path__endswith="draw_preview").args_kwargs["args"][0]
        previews.draw_sample(digest)
    assert f"/desk/designs/{digest}.pdf" in manager.get(address).content.decode()
    sample = manager.get(f"/desk/designs/{digest}.pdf").getvalue()
    assert "样张" in text_of(sample)
    width, height = pymupdf.open(stream=sample)[0].rect[2:]
    assert (round(width), round(height)) == (595, 421)
    assert visit("south", "manager").get(f"/desk/designs/{digest}.pdf").status_code == 404
    assert clerk.get(f"/desk/designs/{digest}.pdf").status_code == 403
    saved = manager.post(f"{LIST}edit/{design.pk}/", form | {"action-publish": "x"})
    assert saved.status_code == 302
    with tenant_context(base("north")):
        assert current().facts["colour"] == "green"


def test_a_preview_that_nobody_waits_for_any_more_is_not_drawn(north):
    from certificates.designs.design import BUILT_IN
    from certificates.designs.services.designs import facts_of
    from tenants.staff.models import User

    user = User.objects.get(username="manager")
    first = previews.wish(BUILT_IN, {}, user)
    design, found = facts_of(CertificateDesign(name="x", colour="blue"))
    second = previews.wish(design, found, user)
    previews.draw_sample(first)
    previews.draw_sample(second)
    assert not previews.file_of(first).exists()
    assert previews.file_of(second).exists()


def test_the_key_of_the_papers_is_made_once_a_year_and_is_sealed(north):
    one = paper_key(2026)
    assert paper_key(2026) == one
    assert paper_key(2027) != one
    kept = PaperSigningKey.objects.get(year=2026)
    assert one.private not in bytes(kept.private_sealed)
