"""What of a frame's header was read by a rule because it does not say it plainly."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Stores of earlier versions have read nothing by a rule."""

    dependencies = (("obsy_store", "0002_readout_rotation"),)
    operations = (migrations.AddField("framerow", "repairs", models.JSONField(default=list)),)
