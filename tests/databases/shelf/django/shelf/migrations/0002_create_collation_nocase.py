from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.operations import CreateCollation
from django.db import migrations, models
from shelf.models import new_label


class Migration(migrations.Migration):
    dependencies = [("shelf", "0001_initial")]
    operations = [
        CreateCollation("nocase", "und-u-ks-level2", provider="icu", deterministic=False),
        migrations.AddIndex("span", models.Index(fields=["big"], name="span_big_old")),
        migrations.AddField("note", "labels", ArrayField(models.CharField(max_length=5), blank=True, default=new_label)),
    ]
