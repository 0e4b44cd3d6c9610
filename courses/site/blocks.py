"""What a page of the site is written with: few blocks, each with a template that nothing breaks."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

#: Of an introduction: what the front pages of bases and of the centre have.
TEXT: list[tuple[str, blocks.Block]] = [
    ("heading", blocks.CharBlock(label=_("标题"), max_length=60)),
    (
        "paragraph",
        blocks.RichTextBlock(label=_("段落"), features=["bold", "ol", "ul", "link", "hr"]),
    ),
]


class PictureBlock(blocks.StructBlock):
    """A picture asks for its description, or to be called an ornament."""

    image = ImageBlock(label=_("图片"))
    caption = blocks.CharBlock(label=_("图注"), required=False, max_length=80)

    class Meta:
        label = _("图片")
        icon = "image"
        template = "site/blocks/picture.html"


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("小标题"), required=False, max_length=40)
    steps = blocks.ListBlock(
        blocks.CharBlock(max_length=120), label=_("步骤"), min_num=1, max_num=9
    )

    class Meta:
        label = _("办理步骤")
        icon = "list-ol"
        template = "site/blocks/steps.html"


class NoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("内容"), max_length=300)

    class Meta:
        label = _("提示")
        icon = "warning"
        template = "site/blocks/note.html"


class FileBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("名称"), max_length=60)
    file = DocumentChooserBlock(label=_("文件"))

    class Meta:
        label = _("附件")
        icon = "doc-full"
        template = "site/blocks/file.html"


#: Of everything that is written at length: news, stories, notices, policies.
BODY: list[tuple[str, blocks.Block]] = [
    *TEXT,
    ("picture", PictureBlock()),
    ("steps", StepsBlock()),
    ("note", NoteBlock()),
    ("file", FileBlock()),
]


def unit_block() -> blocks.StructBlock:
    """A unit of a course, and how many weeks it takes: which ones follows from the order."""
    return blocks.StructBlock(
        [
            ("title", blocks.CharBlock(label=_("单元"), max_length=60)),
            ("theory", blocks.IntegerBlock(label=_("理论课时"), min_value=0, max_value=2000)),
            ("practice", blocks.IntegerBlock(label=_("实操课时"), min_value=0, max_value=2000)),
            ("content", blocks.TextBlock(label=_("内容"), required=False, max_length=1000)),
            (
                "weeks",
                blocks.IntegerBlock(label=_("教几周"), min_value=1, max_value=52, default=1),
            ),
        ],
        label=_("教学单元"),
    )


class TeacherBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("姓名"), max_length=40)
    title = blocks.CharBlock(label=_("职称或证书"), required=False, max_length=80)
    about = blocks.TextBlock(label=_("简介"), required=False, max_length=300)
    picture = ImageBlock(label=_("照片"), required=False)

    class Meta:
        label = _("教师")
        icon = "user"
        template = "site/blocks/teacher.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("问"), max_length=80)
    answer = blocks.RichTextBlock(label=_("答"), features=["bold", "ol", "ul", "link"])

    class Meta:
        label = _("问答")
        icon = "help"
        template = "site/blocks/question.html"


class PlaceBlock(blocks.StructBlock):
    """Where somebody is found, and when."""

    name = blocks.CharBlock(label=_("名称"), max_length=60)
    address = blocks.CharBlock(label=_("地址"), max_length=120)
    map_link = blocks.URLBlock(label=_("地图网址"), required=False)
    person = blocks.CharBlock(label=_("联系人"), required=False, max_length=40)
    phone = blocks.CharBlock(label=_("电话"), required=False, max_length=30)
    hours = blocks.CharBlock(label=_("办公时间"), required=False, max_length=80)
    way = blocks.TextBlock(label=_("怎么来"), required=False, max_length=300)

    class Meta:
        label = _("地点")
        icon = "site"
        template = "site/blocks/place.html"


def label_weeks(units: list[Any]) -> list[tuple[Any, int, int]]:
    """Each unit with its first and its last week, counted from 1."""
    found, week = [], 1
    for unit in units:
        last = week + (unit.get("weeks") or 1) - 1
        found.append((unit, week, last))
        week = last + 1
    return found
