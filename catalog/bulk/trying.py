"""The preview of a planned change of prices, as a job: rows worked out in batches, warnings counted at the end."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Abs
from django.utils.translation import override

from catalog.bulk.batches import BATCH
from catalog.bulk.plans import planning_of, work_out
from catalog.models import BulkRun, PricePlan, PricePlanRow, Variant
from catalog.sql import execute
from core.jobs import JobRun

COLLISIONS = """
UPDATE catalog_priceplanrow r SET flags = array_append(r.flags, 'collision')
FROM catalog_variant v, (
  SELECT v.product_id, r.new_amount FROM catalog_priceplanrow r JOIN catalog_variant v ON v.id = r.variant_id
  WHERE r.plan_id = %s AND r.new_amount IS NOT NULL AND r.refused = ''
  GROUP BY v.product_id, r.new_amount HAVING COUNT(DISTINCT r.old_amount) > 1
) same
WHERE r.plan_id = %s AND v.id = r.variant_id AND same.product_id = v.product_id AND same.new_amount = r.new_amount
  AND r.refused = '' AND NOT 'collision' = ANY(r.flags)
"""
"""Variants of a product that differed in price and would not any more."""


class PriceTrial:
    """Works out what a plan would do. Changes no price. Params: `plan`, `reader`."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Batch by batch; a killed trial goes on behind its last batch."""
        with override(run.job.params.get("reader", "en")):
            plans = PricePlan.objects.select_related("run", "price_list__market", "source_list")
            planning = planning_of(plans.defer("run__object_ids").get(pk=run.job.params["plan"]))
            plan = planning.plan
            if not run.checkpoint:
                PricePlanRow.objects.filter(plan=plan).delete()
            for start in range(run.checkpoint.get("at", 0), plan.run.total, BATCH):
                ids = _ids(plan.run_id, start, start + BATCH)
                variants = list(
                    Variant.objects.filter(pk__in=ids).select_related("product__tax_category").order_by("pk")
                )
                end = min(start + BATCH, plan.run.total)
                with transaction.atomic():
                    PricePlanRow.objects.bulk_create(work_out(planning, variants), ignore_conflicts=True)
                    run.record(progress=end, total=plan.run.total, checkpoint={"at": end})
                run.stop_if_asked()
            execute(COLLISIONS, [plan.pk, plan.pk])
            return summary_of(plan)


def summary_of(plan: PricePlan) -> dict[str, Any]:
    """How many rows change, are refused and are warned about, and by how much prices move at most, in basis points."""
    rows = PricePlanRow.objects.filter(plan=plan)
    found = rows.aggregate(
        total=Count("pk"),
        left_out=Count("pk", filter=~Q(refused="")),
        unchanged=Count("pk", filter=Q(refused="", before=F("after"))),
        largest=Max(Abs("change_bp")),
        down=Count("pk", filter=Q(change_bp__lt=0)),
        up=Count("pk", filter=Q(change_bp__gt=0)),
        thinnest=Min("margin_bp"),
        no_cost=Count("pk", filter=Q(refused="", margin_bp=None)),
        **{flag: Count("pk", filter=Q(flags__contains=[flag])) for flag in FLAGS},
    )
    found["changed"] = found["total"] - found["left_out"] - found["unchanged"]
    return found


FLAGS = ("below_cost", "below_floor", "large", "collision", "makes_badge", "ends_badge", "no_badge")


def _ids(run_id: int, start: int, end: int) -> list[int]:
    name = f"object_ids__{start}_{end}"
    found = BulkRun.objects.filter(pk=run_id).values_list(name, flat=True).get()
    return list(found or ())
