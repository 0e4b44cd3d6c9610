from certificates.claims import Claims


def missing_glyphs(text: str) -> list[str]:
    return []


def render_pdf(claims: Claims, url: str, photo: bytes | None = None) -> bytes:
    raise NotImplementedError
