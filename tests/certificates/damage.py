"""What happens to a paper before somebody scans it."""

import io

from PIL import Image, ImageDraw, ImageFilter


def plain(page):
    return page


def blurred(page):
    """As by a hand that is not quite still: a radius of 0.13 mm at 200 dpi."""
    return page.filter(ImageFilter.GaussianBlur(1))


def jpeg(page):
    buffer = io.BytesIO()
    page.convert("RGB").save(buffer, "JPEG", quality=30)
    return Image.open(io.BytesIO(buffer.getvalue()))


def turned(page):
    return page.rotate(5, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def leaning(page):
    """Seen from one side: the left edge is four fifths as high as the right one."""
    wide, high = page.size
    corners = (0, 0, 0, high, wide, high, wide, 0)
    by = high * 0.1
    to = (0, by, 0, high - by, wide, high, wide, 0)
    return page.transform(
        page.size, Image.Transform.PERSPECTIVE, _homography(to, corners),
        Image.Resampling.BICUBIC, fillcolor="white",
    )  # fmt: skip


def spotted(page, box):
    """A spot on a twentieth of the code `box` (left, top, right, bottom), off its finder patterns."""
    left, top, right, bottom = box
    side = (right - left) * 0.05**0.5
    x, y = left + (right - left) * 0.62, top + (bottom - top) * 0.26
    page = page.copy()
    ImageDraw.Draw(page).rectangle((x, y, x + side, y + side), fill="gray")
    return page


def _homography(target, source):
    """Coefficients that take each point of the result to where it comes from."""
    rows, right = [], []
    for (x, y), (u, v) in zip(_points(target), _points(source), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return _solved(rows, right)


def _points(flat):
    return list(zip(flat[::2], flat[1::2], strict=True))


def _solved(rows, right):
    """Gauss, with the largest pivot."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    size = len(table)
    for at in range(size):
        best = max(range(at, size), key=lambda n: abs(table[n][at]))
        table[at], table[best] = table[best], table[at]
        for other in range(size):
            if other != at:
                factor = table[other][at] / table[at][at]
                table[other] = [
                    a - factor * b for a, b in zip(table[other], table[at], strict=True)
                ]
    return [table[n][size] / table[n][n] for n in range(size)]
