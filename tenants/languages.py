"""Which languages a page may be read in.

Chinese and English everywhere. Korean where strangers and holders read: the desk and the admin have no
Korean of their own, and a page that is half of each helps nobody.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

#: Where people of the tenant work.
WORK = ("/desk/", "/admin/", "/staff/", "/account/", "/login/", "/logout/", "/console/")
PUBLIC_ONLY = ("ko",)


def languages_of(path: str) -> list[tuple[str, str]]:
    """Code and own name of each language that this page has."""
    work = path.startswith(WORK)
    return [each for each in settings.LANGUAGES if not (work and each[0] in PUBLIC_ONLY)]


def languages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """After Django's own: Chinese where the chosen language has no page, and the others to choose."""

    def answer(request: HttpRequest) -> HttpResponse:
        offered = languages_of(request.path)
        if request.LANGUAGE_CODE not in [code for code, _name in offered]:
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        request.other_languages = [  # type: ignore[attr-defined]
            each for each in offered if each[0] != request.LANGUAGE_CODE
        ]
        return get_response(request)

    return answer
