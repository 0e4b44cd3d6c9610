"""A complaint comes in."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hotline_cast import filed, person, sent
from trainbase_hotline.models import Attachment, Complaint, ConsentText, HotlineSettings, Look
from trainbase_hotline.services import identity
from trainbase_hotline.services.consent import consent_now
from trainbase_hotline.services.intake import file_complaint

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def faults(**more):
    with pytest.raises(ValidationError) as caught:
        filed(**more)
    return caught.value.message_dict


def test_both_stamps_are_due_24_hours_after_receipt(hotline):
    found = filed()
    assert found.answer_due_at == found.opinion_due_at == found.received_at + timedelta(hours=24)
    assert [(s.kind, s.by) for s in found.steps.all()] == [("received", None)]


def test_a_deadline_is_pinned_when_the_complaint_comes_in(hotline):
    settings = HotlineSettings.load()
    settings.answer_hours = 12
    settings.save()
    found = filed()
    settings.answer_hours = 48
    settings.save()
    found.refresh_from_db()
    assert found.answer_due_at == found.received_at + timedelta(hours=12)


def test_the_same_form_sent_twice_is_one_complaint(hotline):
    first = filed(files=[SimpleUploadedFile("a.pdf", PDF)])
    assert filed(files=[SimpleUploadedFile("a.pdf", PDF)]).pk == first.pk
    assert Complaint.objects.count() == Attachment.objects.count() == 1


def test_a_form_that_was_changed_and_sent_again_is_another_complaint(hotline):
    assert filed().pk != filed(text="还有别的事").pk


def test_nobody_reads_a_name_in_the_database(hotline):
    found = filed(id_last4="002x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM hotline_identity")
        (sealed,) = cursor.fetchone()
    assert "金大山".encode() not in bytes(sealed) and b"13900000001" not in bytes(sealed)
    seen = identity.look(found, person("clerk"))
    assert seen == identity.Person("金大山", "13900000001", "002X")


def test_each_look_is_on_record(hotline):
    found = filed()
    identity.look(found, person("clerk"))
    identity.look(found, person("manager"))
    assert [str(look.by) for look in Look.objects.order_by("id")] == ["教务员甲", "管理员甲"]


def test_an_identity_does_not_open_for_another_complaint(hotline):
    first, second = filed(), filed(text="另一件", anonymous=True, name="", phone="")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE hotline_identity SET complaint_id = %s", [second.pk])
    assert first.pk != second.pk
    with pytest.raises(ValueError, match="another complaint"):
        identity.look(second, person("clerk"))


def test_an_anonymous_complaint_keeps_nobody(hotline):
    found = filed(anonymous=True, name="", phone="")
    assert identity.look(found, person("clerk")) is None


def test_anonymous_with_a_name_is_asked_about_and_not_decided_for_them(hotline):
    assert "取消匿名" in faults(anonymous=True)["anonymous"][0]


def test_the_words_that_were_agreed_to_stay_when_they_change(hotline):
    before = consent_now()
    found = filed(consent_version=before.version)
    settings = HotlineSettings.load()
    settings.consent = "新的告知 / new words"
    settings.save()
    assert consent_now().version == before.version + 1
    assert ConsentText.objects.get(pk=found.consent_id).text == before.text
    late = filed(consent_version=before.version, text="开着旧表单")
    assert late.consent_id == before.pk


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "长" * 10_000}, "text"),
        ({"kind": "'; DROP TABLE"}, "kind"),
        ({"name": ""}, "name"),
        ({"phone": "没有"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"id_last4": "12345"}, "id_last4"),
    ],
)
def test_bad_input_is_refused_in_both_languages(hotline, more, field):
    (fault,) = faults(**more)[field]
    assert " / " in fault
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["😀欠薪", "مرحبا بالعالم", "<script>alert(1)</script>", "'; DROP TABLE hotline_step; --"],
)
def test_what_looks_odd_is_kept_as_it_is(hotline, text):
    assert filed(text=text).text == text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"MZ\x90\x00", "只收 PDF"),
        ("a.pdf", b"PK\x03\x04 a zip called pdf", "只收 PDF"),
        ("a.pdf", b"", "空的"),
        ("a.pdf", b"%PDF-1.4 cut off", "不完整"),
        ("a.jpg", b"\xff\xd8\xff broken", "只收 PDF"),
        ("a.svg", b"<svg onload=alert(1)>", "只收 PDF"),
        ("a.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024), "10 MB"),
    ],
)
def test_a_wrong_file_is_named_and_nothing_is_recorded(hotline, name, content, said):
    good = SimpleUploadedFile("good.pdf", PDF)
    (fault,) = faults(files=[good, SimpleUploadedFile(name, content)])["files"]
    assert fault.startswith(name) and said in fault and " / " in fault
    assert not Complaint.objects.exists() and not Attachment.objects.exists()


def test_by_phone_is_named_and_received_now(hotline):
    clerk = person("clerk")
    found = file_complaint(sent(channel="phone"), by=clerk)
    assert found.taken_by == clerk and found.steps.get().by == clerk
