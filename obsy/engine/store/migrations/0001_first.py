"""Frames, masters and stacks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The first tables."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="MasterRow",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=1024)),
                ("kind", models.CharField(max_length=8)),
                ("filter", models.CharField(max_length=40, null=True)),
                ("exposure_s", models.FloatField()),
                ("gain", models.IntegerField()),
                ("offset", models.IntegerField()),
                ("binning", models.IntegerField()),
                ("temperature_c", models.FloatField(null=True)),
                ("camera", models.CharField(max_length=200)),
                ("rows", models.IntegerField()),
                ("columns", models.IntegerField()),
                ("night", models.DateField()),
                ("taken_at", models.DateTimeField()),
                ("members", models.JSONField()),
                ("parents", models.JSONField(default=list)),
            ],
            options={
                "ordering": ("taken_at", "sha256"),
            },
        ),
        migrations.CreateModel(
            name="FrameRow",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=1024)),
                ("source", models.CharField(db_index=True, max_length=1024)),
                ("night", models.DateField(db_index=True)),
                ("kind", models.CharField(max_length=8)),
                ("object", models.CharField(max_length=200)),
                ("filter", models.CharField(max_length=40, null=True)),
                ("exposure_s", models.FloatField()),
                ("gain", models.IntegerField()),
                ("offset", models.IntegerField()),
                ("binning", models.IntegerField()),
                ("temperature_c", models.FloatField(null=True)),
                ("camera", models.CharField(max_length=200)),
                ("telescope", models.CharField(max_length=200)),
                ("taken_at", models.DateTimeField()),
                ("rows", models.IntegerField()),
                ("columns", models.IntegerField()),
                ("ra_deg", models.FloatField(null=True)),
                ("dec_deg", models.FloatField(null=True)),
                ("airmass", models.FloatField(null=True)),
                ("pier", models.CharField(max_length=8, null=True)),
                ("plan", models.CharField(max_length=200, null=True)),
                ("goal", models.CharField(max_length=80, null=True)),
                ("accepted", models.BooleanField(null=True)),
                ("reason", models.TextField(default="")),
                ("measures", models.JSONField(default=dict)),
                ("aligned", models.CharField(max_length=1024, null=True)),
                ("calibrated", models.CharField(max_length=1024, null=True)),
                ("missing", models.JSONField(default=list)),
            ],
            options={
                "ordering": ("taken_at", "sha256"),
                "indexes": [models.Index(fields=["plan", "goal"], name="frame_goal")],
            },
        ),
        migrations.CreateModel(
            name="StackRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object", models.CharField(max_length=200)),
                ("filter", models.CharField(max_length=40)),
                ("path", models.CharField(max_length=1024)),
                ("sha256", models.CharField(max_length=64)),
                ("night", models.DateField()),
                ("exposure_s", models.FloatField()),
                ("members", models.JSONField()),
            ],
            options={
                "ordering": ("object", "filter"),
                "constraints": [models.UniqueConstraint(fields=("object", "filter"), name="one_stack_each")],
            },
        ),
    ]
