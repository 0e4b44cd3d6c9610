"""The history of a class names its assessments, with who planned them."""

from certificates.services.history import of_class
from courses.assessing.models import Sitting
from courses.assessing.services.plan import NewSitting, make_sitting
from tests.courses.assessing.scene import user
from tests.story import a_class


def test_a_sitting_stands_in_the_history_of_its_class_and_of_no_other(north, visit):
    one = a_class("T-01")
    a_class("T-02", seed=2)
    asked = NewSitting("theory", "scores", one.ends_on, (user("examiner"),))
    sitting = make_sitting(one, asked, user("clerk"))
    Sitting.objects.filter(pk=sitting.pk).update(
        state="closed", opened_at=sitting.made_at, closed_at=sitting.made_at
    )
    found = [(each.what, each.who) for each in of_class(one) if "考核" in each.what]
    assert sorted(found) == [("安排考核", "教务员甲"), ("开始考核", ""), ("结束考核", "")]
    page = visit("north", "clerk").get("/desk/classes/T-01/history/").content.decode()
    assert "安排考核" in page and f"理论 {one.ends_on}" in page
    assert (
        "安排考核"
        not in visit("north", "clerk").get("/desk/classes/T-02/history/").content.decode()
    )


def test_a_cancelled_sitting_says_so(north):
    one = a_class()
    asked = NewSitting("theory", "scores", one.ends_on, (user("examiner"),))
    made = make_sitting(one, asked, user("clerk"))
    Sitting.objects.filter(pk=made.pk).update(state="cancelled")
    [line] = [each for each in of_class(one) if "考核" in each.what]
    assert line.said.endswith("已取消")
