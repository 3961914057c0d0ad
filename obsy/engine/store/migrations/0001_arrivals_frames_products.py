"""Arrivals, frames and products."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The first tables."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ProductRow",
            fields=[
                ("path", models.CharField(max_length=1024, primary_key=True, serialize=False)),
                ("kind", models.CharField(db_index=True, max_length=40)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("night", models.DateField(db_index=True)),
                ("site", models.CharField(max_length=200, null=True)),
                ("train", models.CharField(max_length=200, null=True)),
                ("frame", models.CharField(db_index=True, max_length=64, null=True)),
                ("parents", models.JSONField(default=list)),
                ("recipe", models.JSONField(default=dict)),
                ("about", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "obsy_product",
                "ordering": ("night", "path"),
            },
        ),
        migrations.CreateModel(
            name="ArrivalRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=1024)),
                ("name", models.CharField(db_index=True, max_length=255)),
                ("size", models.BigIntegerField()),
                ("changed_ns", models.BigIntegerField()),
                ("inode", models.BigIntegerField()),
                ("state", models.CharField(db_index=True, max_length=12)),
                ("reason", models.TextField(default="")),
                ("sha256", models.CharField(db_index=True, max_length=64, null=True)),
            ],
            options={
                "db_table": "obsy_arrival",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("path", "size", "changed_ns", "inode"), name="arrives_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FrameRow",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=1024)),
                ("source", models.CharField(max_length=255)),
                ("night", models.DateField(db_index=True)),
                ("site", models.CharField(max_length=200, null=True)),
                ("train", models.CharField(max_length=200, null=True)),
                ("kind", models.CharField(max_length=8)),
                ("object", models.CharField(max_length=200)),
                ("filter", models.CharField(max_length=40, null=True)),
                ("exposure_s", models.FloatField()),
                ("gain", models.IntegerField(null=True)),
                ("offset", models.IntegerField(null=True)),
                ("binning", models.IntegerField(null=True)),
                ("temperature_c", models.FloatField(null=True)),
                ("camera", models.CharField(max_length=200, null=True)),
                ("telescope", models.CharField(max_length=200, null=True)),
                ("taken_at", models.DateTimeField()),
                ("rows", models.IntegerField()),
                ("columns", models.IntegerField()),
                ("ra_deg", models.FloatField(null=True)),
                ("dec_deg", models.FloatField(null=True)),
                ("airmass", models.FloatField(null=True)),
                ("pier", models.CharField(max_length=8, null=True)),
                ("plan", models.CharField(max_length=200, null=True)),
                ("goal", models.CharField(max_length=80, null=True)),
                ("block", models.CharField(max_length=80, null=True)),
                ("commit", models.CharField(max_length=80, null=True)),
                ("state", models.CharField(max_length=12)),
                ("pending", models.BooleanField(db_index=True)),
                ("accepted", models.BooleanField(null=True)),
                ("reason", models.TextField(default="")),
                ("measures", models.JSONField(default=dict)),
                ("missing", models.JSONField(default=list)),
            ],
            options={
                "db_table": "obsy_frame",
                "ordering": ("taken_at", "sha256"),
                "indexes": [models.Index(fields=["plan", "goal"], name="frame_goal")],
            },
        ),
    ]
