from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shelf", "0003_item_item_allowed_not_valid")]
    operations = [ValidateConstraint("item", "item_allowed")]
