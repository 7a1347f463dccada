import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shelf', '0005_span_span_big'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='item',
            index=models.Index(models.OrderBy(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='varchar_pattern_ops'), descending=True), django.contrib.postgres.indexes.OpClass('id', name='int8_ops'), name='item_upper'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Lower('name'), name='text_pattern_ops'), models.F('id'), name='item_lower'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(django.contrib.postgres.indexes.OpClass('ints', name='range_ops'), '&&'), ('id', '='), (models.Func('day', 'day', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True), function='DATERANGE'), '&&')], name='span_day'),
        ),
    ]
