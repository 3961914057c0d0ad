"""Three tables: frames, masters and stacks; nothing in them that the FITS files and the journal could not give back."""

# mypy: disable-error-code="var-annotated"

from django.db import models


class FrameRow(models.Model):
    """One FITS file in the archive, what it was credited to, and its grade."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    path = models.CharField(max_length=1024)
    """Relative to the folder that holds archive and products; so are all paths here."""
    source = models.CharField(max_length=1024, db_index=True)
    """What the camera had called it."""
    night = models.DateField(db_index=True)
    kind = models.CharField(max_length=8)
    object = models.CharField(max_length=200)
    filter = models.CharField(max_length=40, null=True)
    exposure_s = models.FloatField()
    gain = models.IntegerField()
    offset = models.IntegerField()
    binning = models.IntegerField()
    temperature_c = models.FloatField(null=True)
    camera = models.CharField(max_length=200)
    telescope = models.CharField(max_length=200)
    taken_at = models.DateTimeField()
    rows = models.IntegerField()
    columns = models.IntegerField()
    ra_deg = models.FloatField(null=True)
    dec_deg = models.FloatField(null=True)
    airmass = models.FloatField(null=True)
    pier = models.CharField(max_length=8, null=True)
    plan = models.CharField(max_length=200, null=True)
    goal = models.CharField(max_length=80, null=True)
    accepted = models.BooleanField(null=True)
    """None until it is graded."""
    reason = models.TextField(default="")
    measures = models.JSONField(default=dict)
    aligned = models.CharField(max_length=1024, null=True)
    calibrated = models.CharField(max_length=1024, null=True)
    missing = models.JSONField(default=list)
    """The kinds of master it had to do without."""

    class Meta:
        """How it is found."""

        ordering = ("taken_at", "sha256")
        indexes = (models.Index(fields=["plan", "goal"], name="frame_goal"),)


class MasterRow(models.Model):
    """A combined calibration frame, with the frames it came from."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    path = models.CharField(max_length=1024)
    kind = models.CharField(max_length=8)
    filter = models.CharField(max_length=40, null=True)
    exposure_s = models.FloatField()
    gain = models.IntegerField()
    offset = models.IntegerField()
    binning = models.IntegerField()
    temperature_c = models.FloatField(null=True)
    camera = models.CharField(max_length=200)
    rows = models.IntegerField()
    columns = models.IntegerField()
    night = models.DateField()
    taken_at = models.DateTimeField()
    members = models.JSONField()
    """Hashes of the frames in it."""
    parents = models.JSONField(default=list)
    """Hashes of the masters that were taken from or divided into them."""

    class Meta:
        """How it is found."""

        ordering = ("taken_at", "sha256")


class StackRow(models.Model):
    """All accepted frames of one object in one filter, combined; a newer one takes the place of the older."""

    object = models.CharField(max_length=200)
    filter = models.CharField(max_length=40)
    path = models.CharField(max_length=1024)
    sha256 = models.CharField(max_length=64)
    night = models.DateField()
    """The last one in it."""
    exposure_s = models.FloatField()
    """The sum of its frames."""
    members = models.JSONField()
    """Hashes of the frames in it."""

    class Meta:
        """How it is found."""

        ordering = ("object", "filter")
        constraints = (models.UniqueConstraint(fields=["object", "filter"], name="one_stack_each"),)
