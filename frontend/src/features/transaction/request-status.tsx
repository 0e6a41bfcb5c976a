import { Badge, type Tone } from "../../ui/badge";

const STATUSES: Record<string, [string, Tone]> = {
  pending: ["Waiting", "warn"],
  paid: ["Paid", "good"],
  declined: ["Declined", "bad"],
  cancelled: ["Cancelled", "plain"],
  expired: ["Expired", "plain"],
};

/** How a request for money stands. */
export function RequestStatus({ status }: { status: string }) {
  const [name, tone] = STATUSES[status] ?? [status, "plain"];
  return <Badge tone={tone}>{name}</Badge>;
}
