"""What search engines are told, as data."""

import json
from datetime import date

from courses.site.structured import Body, Run, Taught, article, course, duration, script

BASE = Body("测试基地", "https://n.example/", "0433-2", "测试街 1 号", "敦化市")
CENTRE = Body("测试中心", "https://c.example/")
RUN = Run(
    "缝纫 T-1", "https://n.example/s/", date(2026, 12, 1), date(2026, 12, 9), "村部", "甲村", 360
)


def taught(**more):
    facts = {"name": "缝纫", "url": "https://n.example/s/", "about": "做上衣", "level": "初级"}
    return Taught(**facts | {"minutes": 2700} | more)


def test_a_course_names_provider_credential_and_its_next_classes():
    said = course(taught(fee=0, units=["面料"], runs=[RUN]), BASE, CENTRE)
    assert said["@type"] == "Course" and said["provider"]["name"] == "测试基地"
    award = said["educationalCredentialAwarded"]
    assert award["@type"] == "EducationalOccupationalCredential"
    assert award["name"] == "缝纫培训合格证书" and award["recognizedBy"]["name"] == "测试中心"
    (run,) = said["hasCourseInstance"]
    assert run["@type"] == "CourseInstance" and run["startDate"] == "2026-12-01"
    assert run["courseWorkload"] == "PT6H" and run["location"]["address"]["addressRegion"] == "甲村"
    assert said["offers"] == {
        "@type": "Offer",
        "category": "Free",
        "price": "0",
        "priceCurrency": "CNY",
    }


def test_what_is_not_known_is_not_said():
    said = course(taught(), Body("甲", "https://n.example/"))
    assert {"offers", "teaches", "image"} & set(said) == set()
    assert "recognizedBy" not in said["educationalCredentialAwarded"]
    assert said["provider"] == {
        "@type": "EducationalOrganization",
        "name": "甲",
        "url": "https://n.example/",
    }


def test_hours_are_written_as_the_standard_has_them():
    assert [duration(m) for m in (0, 45, 60, 2700, 100)] == [
        "PT0H",
        "PT45M",
        "PT1H",
        "PT45H",
        "PT1H40M",
    ]


def test_no_title_ends_the_element_it_stands_in():
    said = article("NewsArticle", "</script><b>&", "https://n.example/", date(2026, 1, 1), BASE)
    text = script(said)
    assert "<" not in text and ">" not in text and "&" not in text
    assert json.loads(text)["headline"] == "</script><b>&"
