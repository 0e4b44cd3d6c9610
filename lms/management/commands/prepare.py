from typing import Any

from django.core.management.base import BaseCommand

from tenants.provisioning import prepare_database


class Command(BaseCommand):
    help = "Bring the shared tables, the template and every tenant up to this code's migrations."

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_database()
