"""A complaint comes in: by the public form, or by phone through a member of staff."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from lms.plugin import User
from trainbase_hotline import clock, rules
from trainbase_hotline.files import check_files, keep_files
from trainbase_hotline.kinds import Kind
from trainbase_hotline.models import Complaint, Step, settings_now
from trainbase_hotline.services import identity
from trainbase_hotline.services.consent import consent_of


@dataclass(frozen=True)
class Sent:
    """What was typed. `once` is the form's random mark: the same form sent twice is one complaint."""

    kind: str
    text: str
    channel: str
    consent_version: int
    once: str
    about: str = ""
    anonymous: bool = False
    name: str = ""
    phone: str = ""
    id_last4: str = ""
    files: Sequence[UploadedFile] = ()

    def digest(self) -> str:
        """Of the form's mark and all that is in it: a form that was changed is not the same."""
        total = hashlib.sha256()
        for part in (
            *(self.once, self.kind, self.text, self.about, str(self.anonymous)),
            *(self.name, self.phone, self.id_last4),
        ):
            total.update(part.encode() + b"\x00")
        for file in self.files:
            file.seek(0)
            total.update(str(file.name).encode() + hashlib.sha256(file.read()).digest())
        return total.hexdigest()


def file_complaint(sent: Sent, by: User | None = None) -> Complaint:
    """Record it, seal who sent it, start the clock. Raises ValidationError with faults by field."""
    person = _check(sent)
    check_files(sent.files)
    digest = sent.digest()
    while True:
        if found := Complaint.objects.filter(sent_digest=digest).first():
            return found
        try:
            with transaction.atomic():
                return _record(sent, digest, person, by)
        except IntegrityError:  # sent twice at once, or the receipt number was there already
            continue


def _check(sent: Sent) -> identity.Person | None:
    faults: dict[str, list[str]] = {}
    if sent.kind not in Kind.values:
        faults["kind"] = ["请选择类别 / choose a kind"]
    if not sent.text:
        faults["text"] = ["请写明发生了什么 / write what happened"]
    elif len(sent.text) > rules.TEXT_LIMIT:
        faults["text"] = [
            (
                f"写了 {len(sent.text)} 字，最多 {rules.TEXT_LIMIT} 字；请缩短，其余可作附件 / "
                f"{len(sent.text)} characters, at most {rules.TEXT_LIMIT}; shorten it or attach "
                "the rest"
            )
        ]
    if sent.anonymous:
        if sent.name or sent.phone or sent.id_last4:
            faults["anonymous"] = [
                (
                    "选了匿名，又填了姓名、电话或证件号：请取消匿名，或清空这几项 / anonymous, yet with "
                    "name, phone or ID: take the tick away, or empty these fields"
                )
            ]
    else:
        if not sent.name:
            faults["name"] = ["请填写姓名，或选择匿名 / write your name, or choose anonymous"]
        if not rules.read_phone(sent.phone):
            faults["phone"] = [
                "请填写手机号或带区号的座机号，或选择匿名 / write a phone number, or choose anonymous"
            ]
        if sent.id_last4 and not rules.read_last4(sent.id_last4):
            faults["id_last4"] = [
                "证件后四位是四位数字，最后一位可以是 X / four digits, the last may be X"
            ]
    if faults:
        raise ValidationError(faults)
    if sent.anonymous:
        return None
    return identity.Person(sent.name, rules.read_phone(sent.phone), rules.read_last4(sent.id_last4))


def _record(sent: Sent, digest: str, person: identity.Person | None, by: User | None) -> Complaint:
    settings, now = settings_now(), clock.now()
    complaint = Complaint.objects.create(
        number=rules.new_number(),
        sent_digest=digest,
        received_at=now,
        channel=sent.channel,
        kind=sent.kind,
        about=sent.about,
        text=sent.text,
        anonymous=sent.anonymous,
        consent=consent_of(sent.consent_version),
        taken_by=by,
        state=Complaint.State.RECEIVED,
        round_at=now,
        answer_due_at=rules.due_at(now, settings.answer_hours),
        opinion_due_at=rules.due_at(now, settings.opinion_hours),
        version=1,
    )
    Step.objects.create(
        complaint=complaint, number=1, round=1, kind=Step.Kind.RECEIVED, at=now, by=by
    )
    if person is not None:
        identity.keep(complaint, person)
    keep_files(complaint, sent.files, by)
    return complaint
