"""Import a baseline: a figure of a time or an office that this platform did not count, with who says so."""

from dataclasses import dataclass

from services.issues.domain.errors.reports import BaselineRefused
from services.issues.domain.rates.metrics import METRIC_OF
from services.issues.ports.reports import Baseline
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ImportBaseline:
    """The figure, and who brings it in. The same metric and days replace what was imported before."""

    baseline: Baseline
    by: Principal


@one_transaction
async def import_baseline(command: ImportBaseline, uow: IssuesUnitOfWork) -> Baseline:
    """Keep an imported figure; reports mark it as such."""
    baseline = command.baseline
    if baseline.last_day < baseline.first_day:
        raise BaselineRefused(fields={"last_day": ("早于开始日期", "lies before the first day")})
    if baseline.metric in METRIC_OF and baseline.denominator < max(1, baseline.numerator):
        raise BaselineRefused(
            fields={
                "denominator": ("比率须有分母，且不小于分子", "a rate needs a denominator, not below the numerator")
            }
        )
    await uow.reports.keep_baseline(baseline, command.by.person, uow.now())
    return baseline
