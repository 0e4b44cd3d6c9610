import os

from django.core.wsgi import get_wsgi_application

from tenants.citus.checks import refuse_database_without_citus
from tenants.pooling import refuse_transaction_pooling

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
application = get_wsgi_application()
refuse_transaction_pooling()
refuse_database_without_citus()
