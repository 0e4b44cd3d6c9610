from argparse import ArgumentParser
from typing import Any

from certificates.register.status import UNKNOWN, VALID, look_up
from tenants.commands import JsonCommand, Refused


class Command(JsonCommand):
    help = "Check a certificate by code, number, address or the text of its QR code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("text")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        answer = look_up(options["text"])
        data: dict[str, Any] = {
            "status": answer.status,
            "claims": answer.claims.as_json() if answer.claims else None,
        }
        if answer.entry is not None and answer.status != UNKNOWN:
            data |= {"revoked_on": answer.entry.revoked_on, "reason": answer.entry.reason}
        if answer.fault:
            data["fault"] = f"{answer.fault.zh} / {answer.fault.en}"
        if answer.elsewhere:
            data["elsewhere"] = answer.elsewhere
        if answer.status != VALID:
            raise Refused(f"{answer.status}: {options['text'][:60]}", data)
        assert answer.claims is not None
        lines = [f"{en}: {value}" for _, _, en, value in answer.claims.labelled()]
        return data, [answer.status, *lines]
