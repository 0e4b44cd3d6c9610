import os
import sys

from lms.start import StartRefused, start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
try:
    start()
except StartRefused as error:
    print(error, file=sys.stderr)
    sys.exit(3)  # what gunicorn takes for a worker that will never start

from django.core.wsgi import get_wsgi_application

from certificates.register.first import VerifyFirst
from tenants.citus.checks import refuse_database_without_citus
from tenants.pooling import refuse_transaction_pooling

application = VerifyFirst(get_wsgi_application())
refuse_transaction_pooling()
refuse_database_without_citus()
