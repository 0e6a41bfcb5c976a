import { answer, api } from "../../api/client";
import { newKey } from "../../intent/key";
import { type Paise, toRupees } from "../../money/money";
import type { Line } from "./payout-lines";

/** A payout that would succeed, as the API has told, and has not been made. */
export interface Plan {
  source: string;
  /** The lines as they were typed. */
  text: string;
  lines: Line[];
  total: Paise;
  note: string;
}

/** What the API is asked for. */
export function body({ source, lines, note }: Plan) {
  return {
    fromAccount: source,
    transfers: lines.map((line) => ({
      toAccount: line.account,
      amount: toRupees(line.amount),
      note: line.note || null,
    })),
    note: note || null,
  };
}

/**
 * Asks what would become of a payout, without making it.
 * @throws ApiError it would be refused.
 */
export async function tried(plan: Plan): Promise<Plan> {
  const dryRun = { ...body(plan), dryRun: true, idempotencyKey: newKey() };
  await answer(api.POST("/api/v1/transaction/bulk", { body: dryRun }));
  return plan;
}
