import type { Turnover } from "../../ui/in-out-chart";
import { day } from "../../ui/time";
import type { View } from "./view";

/** Adds up by day what came in and went out; what moved between one's own accounts did neither. */
export function daily(views: View[]): Turnover[] {
  const days = new Map<string, Turnover>();
  for (const { transaction, direction, amount } of views) {
    if (direction === "within" || transaction.status !== "completed") continue;
    const date = day(transaction.createdAt);
    const sums = days.get(date) ?? { date, in: 0, out: 0 };
    days.set(date, { ...sums, [direction]: sums[direction] + amount });
  }
  return [...days.values()].sort((one, other) => one.date.localeCompare(other.date));
}
