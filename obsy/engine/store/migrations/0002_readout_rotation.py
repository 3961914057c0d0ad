"""What a camera's readout mode is called and where the rotator stood: masters are chosen by both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Stores of earlier versions do not say it of their frames."""

    dependencies = (("obsy_store", "0001_arrivals_frames_products"),)
    operations = (
        migrations.AddField("framerow", "readout", models.CharField(max_length=200, null=True)),
        migrations.AddField("framerow", "rotation_deg", models.FloatField(null=True)),
    )
