"""Web server and database are killed while people sit: what was acknowledged is there, and graded once."""

import http.client
import http.cookiejar
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import psycopg
import pytest

from lms.plugin.testing import inside
from tests.courses.assessing.scene import a_sitting, right
from tests.station import Station
from tests.story import a_class

PEOPLE = 4


class Examinee:
    """A browser without scripts that tries again until it is answered."""

    def __init__(self, port, code, last4, answers):
        self.port, self.code, self.last4, self.answers = port, code, last4, answers
        self.acknowledged, self.unanswered = {}, 0
        self._enter()

    def _enter(self):
        self.jar = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), urllib.request.ProxyHandler({})
        )

    def ask(self, path, data=None):
        """The page, however often it takes."""
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                headers = {"Host": "north.localhost"}
                body = urllib.parse.urlencode(data, doseq=True).encode() if data else None
                request = urllib.request.Request(
                    f"http://127.0.0.1:{self.port}{path}", body, headers
                )
                with self.browser.open(request, timeout=5) as answer:
                    return answer.read().decode()
            except (OSError, urllib.error.URLError, http.client.HTTPException):
                self.unanswered += 1
                time.sleep(0.1)
        raise TimeoutError(path)

    def post(self, path, data):
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.ask(path))[1]
        return self.ask(path, data | {"csrfmiddlewaretoken": token})

    def sit(self):
        self.post("/exam/", {"code": self.code, "last4": self.last4})
        self.post("/exam/paper/", {"act": "begin"})
        chosen = {}
        for n, (key, letters) in enumerate(self.answers.items()):
            if n == 5:  # the phone dies; another one goes on
                self._enter()
                self.post("/exam/", {"code": self.code, "last4": self.last4})
            chosen[f"q{key}"] = list(letters)
            self.post("/exam/paper/", chosen | {"act": "save"})
            self.acknowledged = dict(chosen)
        self.post("/exam/paper/", chosen | {"act": "check"})
        self.ask_once_more()

    def ask_once_more(self):
        """Hands in; when nobody answers, once more: it counts once."""
        page = self.ask("/exam/paper/")
        while "已交卷" not in page:
            token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
            self.ask("/exam/paper/", {"act": "hand_in", "csrfmiddlewaretoken": token})
            page = self.ask("/exam/paper/")


@pytest.fixture
def sitting(committed):
    with inside("north") as north:
        made = a_sitting(a_class(people=PEOPLE))
        people = [
            (a.enrolment.trainee.id_last4, right(a, wrong=n))
            for n, a in enumerate(made.attempts.order_by("pk"))
        ]
        yield made.code, people, north.schema_name


def test_nothing_that_was_acknowledged_is_lost_by_kills_and_each_paper_is_graded_once(sitting):
    code, people, schema = sitting
    station = Station()
    try:
        examinees = [Examinee(station.port, code, *each) for each in people]
        threads = [threading.Thread(target=each.sit) for each in examinees]
        for thread in threads:
            thread.start()
        draw = random.Random(5)
        for kill in (station.kill_worker, station.kill_database, station.kill_web) * 2:
            time.sleep(draw.uniform(0.3, 1.0))
            kill()
        for thread in threads:
            thread.join(120)
        assert sum(each.unanswered for each in examinees), "they were cut"
        with psycopg.connect(station.env["DATABASE_URL"]) as link:
            results = link.execute(
                f"SELECT attempt_id, score FROM {schema}.assessing_result ORDER BY 1"
            ).fetchall()
            answers = link.execute(
                f"SELECT question_id, chosen FROM {schema}.assessing_answer WHERE attempt_id = %s",
                [results[0][0]],
            ).fetchall()
        assert [score for _pk, score in results] == [100, 90, 80, 70]
        assert len(answers) == 10
        assert {f"q{key}": list(letters) for key, letters in answers} == examinees[0].acknowledged
    finally:
        station.close()
