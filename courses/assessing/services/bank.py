"""The question bank: words frozen when they are drawn, pictures kept once, rows taken in from a sheet."""

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.assessing.models import BankImport, Picture, Question, QuestionVersion
from courses.assessing.sheet import Row
from courses.models import Project
from tenants.models import Trade
from tenants.staff.models import User
from tenants.uploads import open_picture

LARGEST = 8 * 1024 * 1024  # bytes of an uploaded picture
LONGEST_SIDE = 1000  # pixels: the width of a phone, and 85 mm on paper at 300 dpi


def bank_of(project: Project) -> QuerySet[Question]:
    """The questions that a paper of the project may be drawn from."""
    mine = Q(project=None) | Q(project=project)
    return Question.objects.filter(mine, trade=project.trade_id, state=Question.State.ACTIVE)


def keep_picture(content: bytes) -> Picture:
    """The picture and nothing but the picture, once. Raises ValidationError."""
    if len(content) > LARGEST:
        raise ValidationError("图片超过 8 MB，请缩小后再上传 / the picture is larger than 8 MB")
    upright = open_picture(content)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    upright.save(buffer, "JPEG", quality=85)
    kept = buffer.getvalue()
    digest = hashlib.sha256(kept).digest()
    return Picture.objects.get_or_create(digest=digest, defaults={"content": kept})[0]


def words_of(question: Question) -> dict[str, Any]:
    """What an examinee reads of a question, and its answer: a change of these is a new version."""
    return {
        "kind": question.kind,
        "text": question.text,
        "options": question.options,
        "answer": question.answer,
        "topic": question.topic,
        "difficulty": question.difficulty,
        "picture_id": question.picture_id,
        "picture_alt": question.picture_alt,
    }


@transaction.atomic
def frozen(questions: Iterable[Question]) -> dict[int, QuestionVersion]:
    """The version of each question as it stands now, by question; made where there is none yet."""
    listed = list(questions)
    Question.objects.select_for_update().filter(pk__in=[q.pk for q in listed]).count()
    known: dict[int, dict[bytes, QuestionVersion]] = {q.pk: {} for q in listed}
    for version in QuestionVersion.objects.filter(question__in=listed):
        known[version.question_id][bytes(version.digest)] = version
    found = {}
    for question in listed:
        words = words_of(question)
        digest = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).digest()
        mine = known[question.pk]
        found[question.pk] = mine.get(digest) or QuestionVersion.objects.create(
            question=question, number=len(mine) + 1, digest=digest, **words
        )
    return found


@transaction.atomic
def take_in(questions: Iterable[Question]) -> tuple[int, int]:
    """Questions of a sheet: (new, changed). One with the words of a known one of its trade is that one."""
    new = changed = 0
    for each in questions:
        known = Question.objects.filter(trade=each.trade, kind=each.kind, text=each.text).first()
        if known is None:
            each.save()
            new += 1
            continue
        each.pk, each.picture_id, each.picture_alt = known.pk, known.picture_id, known.picture_alt
        fields = [f.attname for f in Question._meta.concrete_fields if f.name != "changed_at"]
        if any(getattr(each, name) != getattr(known, name) for name in fields):
            each._state.adding = False
            each.save()
            changed += 1
    return new, changed


def keep_import(trade: Trade, name: str, content: bytes, by: User) -> BankImport:
    return BankImport.objects.create(
        trade=trade, file_name=name[:200], content=content, uploaded_by=by
    )


@transaction.atomic
def confirm_import(kept: BankImport, rows: Sequence[Row]) -> BankImport:
    """Take in the rows without faults, once. Raises ValidationError for a second time."""
    locked = BankImport.objects.select_for_update().get(pk=kept.pk)
    if locked.confirmed_at is not None:
        raise ValidationError("这份表已导入过 / this sheet was taken in already")
    locked.new, locked.changed = take_in(row.question for row in rows if not row.faults)
    locked.refused = sum(1 for row in rows if row.faults)
    locked.confirmed_at = timezone.now()
    locked.save()
    return locked
