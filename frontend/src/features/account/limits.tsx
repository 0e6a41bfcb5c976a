import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { format, paise, type Rupees } from "../../money/money";
import { Failure } from "../../ui/failure";
import { Time } from "../../ui/time";
import { limits } from "./queries";

/** How much an account may still pay today and this month; asked for when somebody wants to know. */
export function Limits({ account }: { account: string }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({ ...limits(account), enabled: isOpen });
  return (
    <details className="mt-2" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="min-h-8 text-sm font-medium text-accent">Limits</summary>
      <Failure error={error} />
      {data && (
        <div className="mt-2 grid gap-3">
          <Meter name="Today" used={data.day} most={data.limits.dayAmount} />
          <Meter name="This month" used={data.month} most={data.limits.monthAmount} />
        </div>
      )}
    </details>
  );
}

function Meter({
  name,
  used,
  most,
}: {
  name: string;
  used: { amount: Rupees; resetsAt: string };
  most?: Rupees | null;
}) {
  if (!most) return null;
  const [paid, limit] = [paise(used.amount), paise(most)];
  return (
    <div className="text-sm">
      <div className="mb-1 flex flex-wrap justify-between gap-x-3">
        <span>
          {name}: {format(paid)} of {format(limit)}
        </span>
        <span className="text-muted">
          starts anew <Time at={used.resetsAt} />
        </span>
      </div>
      <progress
        value={paid}
        max={limit}
        aria-label={`Paid ${name.toLowerCase()}`}
        className="h-2 w-full overflow-hidden rounded-full bg-raised accent-accent"
      />
    </div>
  );
}
