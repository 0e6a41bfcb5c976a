/** What kinds of transactions are called. */
export const KINDS: Record<string, string> = {
  transfer: "Payment",
  purchase: "Order",
  refund: "Refund",
  topup: "Added by card",
  funding: "From the bank",
  payout: "Payout",
};

export function kindName(kind: string): string {
  return KINDS[kind] ?? kind;
}
