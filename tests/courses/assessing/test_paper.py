"""Printed: variants, key, what is typed in, statistics, the sheet to sign."""

import re

import pymupdf
import pytest
from django.core.exceptions import ValidationError

from certificates.exampapers import make
from courses.assessing.models import Result
from courses.assessing.services.figures import of_bank, of_sitting
from courses.assessing.services.printed import answer_of, file_of, is_made, variant_lines
from courses.assessing.services.standing import result_of
from courses.assessing.services.typed import Typed, enter_typed
from tests.courses.assessing.scene import a_sitting, closed, user
from tests.story import a_class


@pytest.fixture
def paper(north):
    return a_sitting(a_class(people=3), how="paper")


def key(sitting, variant, wrong=()):
    """The answers of the key in one line, other letters for the numbers in `wrong`."""
    said = []
    for line in variant_lines(sitting, variant):
        answer = answer_of(line)
        if line.number in wrong:
            answer = {"√": "×", "×": "√"}.get(answer) or ("B" if answer == "A" else "A")
        said.append(answer)
    return " ".join(said)


def text_of(content):
    with pymupdf.open(stream=content) as document:
        return [re.sub(r"\s+", "", page.get_text()) for page in document]


def test_the_variants_ask_the_same_in_another_order(paper):
    a, b = variant_lines(paper, "a"), variant_lines(paper, "b")
    assert [line.question.pk for line in a] != [line.question.pk for line in b]
    assert {line.question.pk for line in a} == {line.question.pk for line in b}
    kinds = [line.question.version.kind for line in a]
    assert kinds == sorted(kinds, key=("judge", "single", "multiple").index), "kinds stay together"
    assert sorted(paper.attempts.values_list("variant", flat=True)) == ["A", "A", "B"]


def test_papers_and_key_are_pdf_files_on_a4_with_every_character(paper):
    for kind in ("a", "b", "key"):
        make(paper, kind)
    assert is_made(paper)
    first = "".join(text_of(file_of(paper, "a")))
    for line in variant_lines(paper, "a"):
        assert line.question.version.text.replace(" ", "") in first
    assert "结业理论考试试卷（A）" in first
    assert "参考答案" not in first
    with pymupdf.open(stream=file_of(paper, "b")) as document:
        assert (round(document[0].rect.width), round(document[0].rect.height)) == (595, 842)
        assert not document.is_encrypted
    again = file_of(paper, "a")
    make(paper, "a")
    assert file_of(paper, "a") == again, "the same bytes"


def test_the_key_is_what_marks_all_answers_right(paper):
    make(paper, "key")
    printed = "".join(text_of(file_of(paper, "key")))
    assert "试卷A" in printed
    one, two, _three = paper.attempts.all()
    typed = {
        one.pk: Typed("A", key(paper, "a")),
        two.pk: Typed("B", key(paper, "b", wrong=(1, 2))),
    }
    assert enter_typed(paper, typed, user("examiner")) == 2
    assert (result_of(one).score, result_of(two).score) == (100, 80)
    assert (result_of(two).points, result_of(two).total) == (80, 100)


def test_answers_of_the_other_variant_are_other_answers(paper):
    one = paper.attempts.first()
    enter_typed(paper, {one.pk: Typed("B", key(paper, "a"))}, user("examiner"))
    assert result_of(one).score < 100


def test_what_cannot_be_read_names_person_and_question_and_nothing_is_kept(paper):
    one, two, three = paper.attempts.all()
    rows = {
        one.pk: Typed("A", key(paper, "a")),
        two.pk: Typed("A", "A B"),
        three.pk: Typed("A", key(paper, "a").replace("√", "?")),
    }
    with pytest.raises(ValidationError) as refused:
        enter_typed(paper, rows, user("examiner"))
    said = " ".join(refused.value.messages)
    assert "学员2：应有 10 个答案，填了 2 个" in said
    assert re.search(r"学员3：第 \d+ 题的“\?”看不懂", said)
    assert not Result.objects.exists()


def test_it_may_be_typed_again_until_the_sitting_is_closed_and_both_stay(paper):
    one = paper.attempts.first()
    enter_typed(paper, {one.pk: Typed("A", key(paper, "a", wrong=(1,)))}, user("examiner"))
    enter_typed(paper, {one.pk: Typed("A", key(paper, "a"))}, user("examiner"))
    assert [r.score for r in one.results.all()] == [90, 100]
    closed(paper)
    with pytest.raises(ValidationError, match="已结束"):
        enter_typed(paper, {one.pk: Typed(score="50")}, user("examiner"))


def test_how_often_each_question_was_right(paper):
    one, two, three = paper.attempts.all()
    enter_typed(
        paper,
        {
            one.pk: Typed("A", key(paper, "a")),
            two.pk: Typed("A", key(paper, "a", wrong=(1,))),
            three.pk: Typed(score="70"),
        },
        user("examiner"),
    )
    closed(paper)
    figures = of_sitting(paper)
    assert {f.asked for f in figures} == {2}, "who has only a score has no answers"
    assert sorted(f.right for f in figures) == [1] + [2] * 9
    assert min(f.percent for f in figures) == 50
    from courses.assessing.models import Question

    assert min(of_bank(Question.objects.all()).values()) == (2, 1)


def test_the_pages_of_a_printed_sitting(paper, visit):
    examiner = visit("north", "examiner")
    one = paper.attempts.first()
    page = examiner.get(f"/desk/sittings/{paper.pk}/enter/").content.decode()
    assert "写 10 个答案" in page
    sent = examiner.post(
        f"/desk/sittings/{paper.pk}/enter/",
        {f"variant-{one.pk}": "A", f"answers-{one.pk}": "A", f"score-{one.pk}": ""},
    )
    assert "应有 10 个答案" in sent.content.decode()
    sent = examiner.post(
        f"/desk/sittings/{paper.pk}/enter/",
        {f"variant-{one.pk}": "A", f"answers-{one.pk}": key(paper, "a").replace(" ", "  ")},
    )
    assert sent.status_code == 302
    assert examiner.get(f"/desk/sittings/{paper.pk}/questions/").status_code == 404, "not over"
    closed(paper)
    assert "100%" in examiner.get(f"/desk/sittings/{paper.pk}/questions/").content.decode()
    sheet = examiner.get(f"/desk/sittings/{paper.pk}/sheet/").content.decode()
    assert "应考 3 人，实考 1 人，及格 1 人" in sheet
    for path in ("sheet", "questions"):
        answer = examiner.get(f"/desk/sittings/{paper.pk}/{path}/?format=xlsx")
        assert answer["Content-Type"].endswith("sheet")
    assert examiner.get(f"/desk/sittings/{paper.pk}/papers/a.pdf").status_code == 302
    make(paper, "a")
    assert examiner.get(f"/desk/sittings/{paper.pk}/papers/a.pdf").content[:5] == b"%PDF-"
    for role in ("trainer", "liaison"):
        assert visit("north", role).get(f"/desk/sittings/{paper.pk}/").status_code == 403


def test_a_job_draws_the_papers(paper, visit):
    from tenants.jobs.models import JobRun
    from tenants.jobs.services import perform

    visit("north", "clerk").post(f"/desk/sittings/{paper.pk}/papers/")
    run = JobRun.objects.get(kind="assessing.papers")
    perform(run)
    run.refresh_from_db()
    assert run.state == "done"
    assert is_made(paper)
