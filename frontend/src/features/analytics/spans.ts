import type { Schemas } from "../../api/client";
import { paise } from "../../money/money";
import type { Turnover } from "../../ui/in-out-chart";

const MOST_BARS = 31;

/** The days of a report, or its weeks or months where those were too many to tell apart. */
export function spans({ series }: Schemas["Report"]): Turnover[] {
  const fitting = [series.days, series.weeks].find((some) => some.length <= MOST_BARS) ?? series.months;
  return fitting.map(({ date, credit, debit }) => ({ date, in: paise(credit), out: paise(debit) }));
}
