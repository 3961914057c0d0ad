"""In which nights something was taken or made, asked of the database without a look at every row."""

from datetime import date

from django.db.models import Max

from obsy.engine.store.models import FrameRow, ProductRow


class NightQuestions:
    """The part of the store that knows its nights."""

    _alias: str
    """Of its database."""

    def nights_of(self, kind: str, **wanted: str | bool | None) -> tuple[date, ...]:
        """Nights that have frames of a kind with such columns (a plan, a train, a verdict), oldest first."""
        rows = FrameRow.objects.using(self._alias).filter(kind=kind, **wanted)
        return tuple(rows.order_by("night").values_list("night", flat=True).distinct())

    def newest_of(self, kind: str, plan: str) -> date | None:
        """The newest night in which a product of a kind was made of one of a plan's lights."""
        lights = FrameRow.objects.using(self._alias).filter(plan=plan, kind="light")
        made = ProductRow.objects.using(self._alias).filter(kind=kind, frame__in=lights.values("sha256"))
        found: date | None = made.aggregate(newest=Max("night"))["newest"]
        return found
