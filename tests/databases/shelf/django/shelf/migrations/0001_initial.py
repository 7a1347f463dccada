import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.hstore
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.validators
import django.db.models.constraints
from django.contrib.postgres.operations import BloomExtension, BtreeGistExtension, HStoreExtension, TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        HStoreExtension(),
        BtreeGistExtension(),
        TrigramExtension(),
        BloomExtension(),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', django.contrib.postgres.fields.hstore.HStoreField(blank=True, default=dict)),
                ('maps', django.contrib.postgres.fields.ArrayField(base_field=django.contrib.postgres.fields.hstore.HStoreField(), blank=True, null=True, size=None)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=4)),
                ('scores', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), blank=True, null=True, size=None)),
                ('grid', django.contrib.postgres.fields.ArrayField(base_field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=2), blank=True, null=True, size=None)),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, null=True, size=None)),
                ('times', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), blank=True, null=True, size=None)),
                ('prices', django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=2, max_digits=6), blank=True, null=True, size=None)),
                ('tokens', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, null=True, size=None)),
                ('documents', django.contrib.postgres.fields.ArrayField(base_field=models.JSONField(), blank=True, null=True, size=None)),
                ('periods', django.contrib.postgres.fields.ArrayField(base_field=django.contrib.postgres.fields.ranges.IntegerRangeField(), blank=True, null=True, size=None)),
                ('places', django.contrib.postgres.fields.ArrayField(base_field=models.GenericIPAddressField(), blank=True, null=True, size=None)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['tags'], gin_pending_list_limit=128, name='item_tags'), django.contrib.postgres.indexes.GinIndex(fields=['name'], name='item_name_trigrams', opclasses=['gin_trgm_ops']), django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['id'], name='item_id_brin', pages_per_range=4), django.contrib.postgres.indexes.HashIndex(fields=['name'], fillfactor=50, name='item_name_hash'), django.contrib.postgres.indexes.BloomIndex(columns=[4], fields=['name'], length=80, name='item_name_bloom')],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='item_named')],
            },
        ),
        migrations.CreateModel(
            name='Span',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ints', django.contrib.postgres.fields.ranges.IntegerRangeField(blank=True, null=True, validators=[django.contrib.postgres.validators.RangeMinValueValidator(0), django.contrib.postgres.validators.RangeMaxValueValidator(100)])),
                ('bigs', django.contrib.postgres.fields.ranges.BigIntegerRangeField(blank=True, null=True)),
                ('decimals', django.contrib.postgres.fields.ranges.DecimalRangeField(blank=True, default_bounds='[]', null=True)),
                ('times', django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True)),
                ('dates', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True)),
                ('whole', models.IntegerField(default=0)),
                ('small', models.SmallIntegerField(default=0)),
                ('big', models.BigIntegerField(default=0)),
                ('ratio', models.FloatField(default=0)),
                ('price', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ('day', models.DateField(blank=True, null=True)),
                ('moment', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [django.contrib.postgres.indexes.GistIndex(buffering=True, fields=['ints'], fillfactor=70, include=('whole',), name='span_ints'), django.contrib.postgres.indexes.SpGistIndex(condition=models.Q(('whole__gt', 0)), fields=['dates'], fillfactor=80, name='span_dates'), django.contrib.postgres.indexes.BTreeIndex(deduplicate_items=False, fields=['-whole', 'big'], fillfactor=60, name='span_whole')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('whole__gt', 0)), deferrable=django.db.models.constraints.Deferrable['DEFERRED'], expressions=[('ints', '&&'), ('whole', '=')], include=('day',), name='span_apart')],
            },
        ),
    ]
