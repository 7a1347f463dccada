from django.contrib.postgres.operations import CreateCollation
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shelf", "0001_initial")]
    operations = [
        CreateCollation("nocase", "und-u-ks-level2", provider="icu", deterministic=False),
        migrations.AddIndex("span", models.Index(fields=["big"], name="span_big_old")),
    ]
