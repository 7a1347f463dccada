from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shelf", "0002_create_collation_nocase")]
    operations = [
        AddConstraintNotValid("item", models.CheckConstraint(condition=~models.Q(name="forbidden"), name="item_allowed")),
    ]
