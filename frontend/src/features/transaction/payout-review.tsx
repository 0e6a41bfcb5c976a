import { useQuery } from "@tanstack/react-query";
import type { useIntent } from "../../intent/use-intent";
import { format, paise } from "../../money/money";
import { Amount } from "../../ui/amount";
import { accounts } from "../account/queries";
import { Confirmation } from "./confirmation";
import { usePeople } from "../user/queries";
import { body, type Plan } from "./payout-plan";

interface Props {
  plan: Plan;
  intent: ReturnType<typeof useIntent>;
  onBack: () => void;
}

/** What would become of a payout, to be looked at before it is made. */
export function Review({ plan, intent, onBack }: Props) {
  const { data: mine } = useQuery(accounts);
  const source = mine?.find((account) => account.id === plan.source);
  const people = usePeople(plan.lines.map((line) => line.account));
  const payees = new Set(plan.lines.map((line) => line.account)).size;
  const title = `${format(plan.total)} to ${payees} ${payees === 1 ? "account" : "accounts"}`;
  return (
    <div className="grid gap-4">
      <p>It would work as things are now. Nothing has been paid yet.</p>
      {/* A list that scrolls has to be reached by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ul tabIndex={0} aria-label="Whom to pay" className="max-h-80 divide-y divide-line overflow-y-auto">
        {plan.lines.map((line, index) => (
          <li key={index} className="flex justify-between gap-3 py-2">
            <div className="min-w-0">
              <p className="truncate font-medium">{people.get(line.account)?.name ?? line.account}</p>
              {line.note && <p className="truncate text-sm text-muted">{line.note}</p>}
            </div>
            <Amount paise={line.amount} className="font-semibold" />
          </li>
        ))}
      </ul>
      <Confirmation
        rows={[
          ["From", source?.name ?? ""],
          ["To", `${payees} ${payees === 1 ? "account" : "accounts"} in ${plan.lines.length} lines`],
          ["Altogether", format(plan.total)],
          ...(source ? [["Left then", format(paise(source.available) - plan.total)] as const] : []),
        ]}
        action={`Pay ${format(plan.total)}`}
        intent={intent}
        onBack={onBack}
        onConfirm={() => intent.begin({ title, path: "/api/v1/transaction/bulk", body: body(plan) })}
      />
    </div>
  );
}
