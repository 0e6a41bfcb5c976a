import { Badge, type Tone } from "../../ui/badge";

const STATUSES: Record<string, [string, Tone]> = {
  pending: ["Not paid yet", "warn"],
  authorised: ["Paid on delivery", "warn"],
  paid: ["Paid", "good"],
  cancelled: ["Cancelled", "plain"],
  expired: ["Expired", "plain"],
};

export function OrderStatus({ status }: { status: string }) {
  const [name, tone] = STATUSES[status] ?? [status, "plain"];
  return <Badge tone={tone}>{name}</Badge>;
}
