"""What search engines are told of a page, in the words of schema.org. Facts in, JSON-LD out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Thing = dict[str, Any]


@dataclass(frozen=True)
class Body:
    """A base or a centre."""

    name: str
    url: str
    phone: str = ""
    address: str = ""
    region: str = ""


@dataclass(frozen=True)
class Run:
    """A class that is still to come."""

    name: str
    url: str
    starts_on: date
    ends_on: date
    place: str
    region: str
    minutes: int


@dataclass(frozen=True)
class Taught:
    """A course. `fee` is in yuan, None when it is not said; `minutes` are of 60 to the hour."""

    name: str
    url: str
    about: str
    level: str
    minutes: int
    units: Sequence[str] = ()
    fee: int | None = None
    image: str = ""
    runs: Sequence[Run] = field(default=())


def organization(body: Body, kind: str = "EducationalOrganization") -> Thing:
    found: Thing = {"@type": kind, "name": body.name, "url": body.url}
    if body.phone:
        found["telephone"] = body.phone
    if body.address or body.region:
        found["address"] = {
            "@type": "PostalAddress",
            "addressCountry": "CN",
            **({"streetAddress": body.address} if body.address else {}),
            **({"addressRegion": body.region} if body.region else {}),
        }
    return found


def duration(minutes: int) -> str:
    """ISO 8601: 2700 minutes are PT45H."""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours or not rest else "") + (f"{rest}M" if rest else "")


def credential(project: str, level: str, by: Body, recognised: Body | None) -> Thing:
    """The certificate of completion that a base issues."""
    found: Thing = {
        "@type": "EducationalOccupationalCredential",
        "name": f"{project}培训合格证书",
        "credentialCategory": "certificate",
        "educationalLevel": level,
    }
    if recognised is not None:
        found["recognizedBy"] = organization(recognised, "GovernmentOrganization")
    found["validIn"] = {"@type": "AdministrativeArea", "name": by.region or by.name}
    return found


def instance(run: Run) -> Thing:
    return {
        "@type": "CourseInstance",
        "name": run.name,
        "url": run.url,
        "courseMode": "Onsite",
        "startDate": run.starts_on.isoformat(),
        "endDate": run.ends_on.isoformat(),
        "courseWorkload": duration(run.minutes),
        "location": {
            "@type": "Place",
            "name": run.place,
            "address": {
                "@type": "PostalAddress",
                "addressCountry": "CN",
                "addressRegion": run.region,
                "streetAddress": run.place,
            },
        },
    }


def course(taught: Taught, by: Body, recognised: Body | None = None) -> Thing:
    found: Thing = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": taught.name,
        "description": taught.about,
        "url": taught.url,
        "inLanguage": "zh-CN",
        "provider": organization(by),
        "educationalLevel": taught.level,
        "timeRequired": duration(taught.minutes),
        "educationalCredentialAwarded": credential(taught.name, taught.level, by, recognised),
        "hasCourseInstance": [instance(run) for run in taught.runs],
    }
    if taught.units:
        found["teaches"] = list(taught.units)
    if taught.image:
        found["image"] = taught.image
    if taught.fee is not None:
        found["offers"] = {
            "@type": "Offer",
            "category": "Paid" if taught.fee else "Free",
            "price": str(taught.fee),
            "priceCurrency": "CNY",
        }
    return found


def article(kind: str, title: str, url: str, on: date, by: Body, image: str = "") -> Thing:
    """A piece of news (`NewsArticle`) or a story (`Article`)."""
    return {
        "@context": "https://schema.org",
        "@type": kind,
        "headline": title,
        "url": url,
        "datePublished": on.isoformat(),
        "inLanguage": "zh-CN",
        "publisher": organization(by),
        **({"image": image} if image else {}),
    }


#: What would end the element, or begin another, in the middle of a page.
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
ESCAPED |= {0x2028: "\\u2028", 0x2029: "\\u2029"}


def script(thing: Thing) -> str:
    """For the inside of a <script type="application/ld+json">."""
    return json.dumps(thing, ensure_ascii=False).translate(ESCAPED)
