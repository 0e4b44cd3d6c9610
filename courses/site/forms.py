"""Pictures of the site: none without words for those who do not see it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm


class PictureForm(BaseImageForm):  # type: ignore[misc]
    """Wagtail's own, in its library, its chooser and its upload of many."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "description" in self.fields:
            field = self.fields["description"]
            field.required = True
            field.help_text = _("看不见图的人靠这句话知道图上是什么，例如：教师在示范平缝机走线")
