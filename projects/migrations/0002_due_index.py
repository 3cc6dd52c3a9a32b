from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("projects", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="project",
            index=models.Index(fields=["state", "check_due_on"], name="project_due"),
        ),
    ]
