"""What a design may not say, and what it cannot print."""

from django.core.exceptions import ValidationError

from certificates.fonts import missing_glyphs

#: A base issues certificates of completion; these come from other bodies.
FOREIGN = ("职业资格", "技能等级", "特种作业", "特种设备", "等级证书")


def refuse(text: str) -> None:
    """Raises ValidationError for a title that is another body's, or a character without a glyph."""
    for words in FOREIGN:
        if words in text:
            raise ValidationError(
                f"培训基地不能颁发“{words}”类证书，请改写"
                f" / a training base cannot issue what is called {words}: write it otherwise"
            )
    if lacking := missing_glyphs(text):
        shown = "".join(lacking)
        raise ValidationError(
            f"字体里没有这些字：{shown}，请换写法 / no font has {shown}: write it otherwise"
        )
