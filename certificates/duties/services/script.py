"""What callers say, in words that a base may change."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from certificates.duties.models import CallScript
from tenants.staff.models import User

#: What stands in braces is filled in for each person.
WORDS = ("name", "course", "base", "caller", "date")
ZH = (
    "您好，请问是{name}吗？我是{base}的{caller}。您在我们这里学了{course}，{date}领了证书。"
    "想问一下您现在的工作情况：在哪里做什么，从什么时候开始的？做得怎么样，需要我们帮什么忙吗？"
    "您的回答只用于就业跟踪和推荐岗位。不方便的话我改天再打。"
)
EN = (
    "Hello, is this {name}? This is {caller} from {base}. You learned {course} with us and got your"
    " certificate on {date}. May I ask how you are doing: where do you work, as what, and since when?"
    " Is there anything that we can help with? Your answer is used to follow up employment and to"
    " recommend posts, for nothing else. If this is a bad moment I will call another day."
)


@dataclass(frozen=True)
class Script:
    zh: str = ZH
    en: str = EN

    def said(self, **words: str) -> tuple[str, str]:
        return _filled(self.zh, words), _filled(self.en, words)


def _filled(text: str, words: dict[str, str]) -> str:
    for word in WORDS:
        text = text.replace("{" + word + "}", words.get(word, ""))
    return text


def script() -> Script:
    last = CallScript.objects.last()
    return Script(last.zh, last.en) if last else Script()


@transaction.atomic
def change_script(zh: str, en: str, by: User) -> CallScript:
    """Append a new text. Raises ValidationError for an empty one."""
    faults = {
        field: "请填写 / write something"
        for field, text in (("zh", zh), ("en", en))
        if not text.strip()
    }
    if faults:
        raise ValidationError(faults)
    return CallScript.objects.create(zh=zh.strip(), en=en.strip(), by=by)
