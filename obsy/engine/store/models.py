"""Three tables: arrivals, frames and products; nothing in them that files and their sidecars could not give back."""

# mypy: disable-error-code="var-annotated"

from django.db import models

from obsy.engine.store.prepare import prepare

prepare()


class ArrivalRow(models.Model):
    """One file that a camera delivered."""

    path = models.CharField(max_length=1024)
    name = models.CharField(max_length=255, db_index=True)
    size = models.BigIntegerField()
    changed_ns = models.BigIntegerField()
    inode = models.BigIntegerField()
    state = models.CharField(max_length=12, db_index=True)
    reason = models.TextField(default="")
    sha256 = models.CharField(max_length=64, null=True, db_index=True)

    class Meta:
        """How it is found."""

        db_table = "obsy_arrival"
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["path", "size", "changed_ns", "inode"], name="arrives_once"),)


class FrameRow(models.Model):
    """One archived frame: what its header says, what it was taken for, how far it has come, and its verdict."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    path = models.CharField(max_length=1024)
    """Relative to the store's folder, as are all paths here."""
    source = models.CharField(max_length=255)
    night = models.DateField(db_index=True)
    site = models.CharField(max_length=200, null=True)
    train = models.CharField(max_length=200, null=True)
    kind = models.CharField(max_length=8)
    object = models.CharField(max_length=200)
    filter = models.CharField(max_length=40, null=True)
    exposure_s = models.FloatField()
    gain = models.IntegerField(null=True)
    offset = models.IntegerField(null=True)
    binning = models.IntegerField(null=True)
    temperature_c = models.FloatField(null=True)
    camera = models.CharField(max_length=200, null=True)
    telescope = models.CharField(max_length=200, null=True)
    taken_at = models.DateTimeField()
    rows = models.IntegerField()
    columns = models.IntegerField()
    ra_deg = models.FloatField(null=True)
    dec_deg = models.FloatField(null=True)
    airmass = models.FloatField(null=True)
    pier = models.CharField(max_length=8, null=True)
    readout = models.CharField(max_length=200, null=True)
    rotation_deg = models.FloatField(null=True)
    repairs = models.JSONField(default=list)
    """What of its header was read by a rule, a line each."""
    plan = models.CharField(max_length=200, null=True)
    goal = models.CharField(max_length=80, null=True)
    block = models.CharField(max_length=80, null=True)
    commit = models.CharField(max_length=80, null=True)
    state = models.CharField(max_length=12)
    pending = models.BooleanField(db_index=True)
    """Whether processing still has to do something about it."""
    accepted = models.BooleanField(null=True)
    reason = models.TextField(default="")
    measures = models.JSONField(default=dict)
    missing = models.JSONField(default=list)
    """Why it had to do without a master, a line each."""

    class Meta:
        """How it is found."""

        db_table = "obsy_frame"
        ordering = ("taken_at", "sha256")
        indexes = (models.Index(fields=["plan", "goal"], name="frame_goal"),)


class ProductRow(models.Model):
    """One file that was made from others; a new kind of product adds rows, not columns."""

    path = models.CharField(max_length=1024, primary_key=True)
    kind = models.CharField(max_length=40, db_index=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    night = models.DateField(db_index=True)
    site = models.CharField(max_length=200, null=True)
    train = models.CharField(max_length=200, null=True)
    frame = models.CharField(max_length=64, null=True, db_index=True)
    """Hash of the one frame that it shows; null for what combines many."""
    parents = models.JSONField(default=list)
    """Hashes of the files that it was made from, in order."""
    recipe = models.JSONField(default=dict)
    """How it was made."""
    about = models.JSONField(default=dict)
    """What it is: fields that only this kind has."""

    class Meta:
        """How it is found."""

        db_table = "obsy_product"
        ordering = ("night", "path")
