/** What kinds of transactions are called, by which one can look for them. */
export const KINDS: Record<string, string> = {
  transfer: "Payment",
  purchase: "Order",
  refund: "Refund",
  topup: "Added by card",
  funding: "From the bank",
  payout: "Payout",
};

const OTHERS: Record<string, string> = { cashbook: "Cash book" };

export function kindName(kind: string): string {
  return KINDS[kind] ?? OTHERS[kind] ?? kind;
}
