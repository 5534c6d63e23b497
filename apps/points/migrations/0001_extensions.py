from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Exclusion constraints of the floors above compare keys together with ranges: btree_gist makes that possible."""

    initial = True
    dependencies = []
    operations = [BtreeGistExtension()]
