from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shelf", "0004_item_validate_item_allowed")]
    operations = [
        AddIndexConcurrently("span", models.Index(fields=["big"], name="span_big")),
        RemoveIndexConcurrently("span", "span_big_old"),
    ]
