import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { cache } from "../../app/cache";
import { paise, type Rupees, toRupees, typed } from "../../money/money";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { AmountField } from "../../ui/field";
import { read } from "../../ui/form";
import { Panel } from "../../ui/panel";
import { toast } from "../../ui/toast";
import { limits } from "../account/queries";

const NAMES = {
  transactionAmount: "For one payment",
  dayAmount: "In a day",
  monthAmount: "In a month",
} as const;
type Name = keyof typeof NAMES;

/** What an account may pay; an empty field is the usual limit. */
export function AccountLimits({ account }: { account: string }) {
  const query = limits(account);
  const { data, error } = useQuery(query);
  const [wrong, setWrong] = useState<Name>();
  const saving = useMutation({
    mutationFn: (body: Partial<Record<Name, Rupees | null>>) =>
      answer(api.PUT("/api/v1/account/{account_id}/limits", { params: { path: { account_id: account } }, body })),
    onSuccess: (saved) => {
      cache.setQueryData(query.queryKey, saved);
      toast("Limits saved");
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    const field = read(event);
    const names = Object.keys(NAMES) as Name[];
    const bad = names.find((name) => field(name) && typed(field(name)) === null);
    setWrong(bad);
    if (bad) return;
    const amounts = names.map((name) => [name, typed(field(name))] as const);
    saving.mutate(
      Object.fromEntries(amounts.map(([name, amount]) => [name, amount === null ? null : toRupees(amount)])),
    );
  }
  return (
    <Panel title="Limits of its own">
      <Failure error={error ?? saving.error} />
      {data && (
        <form className="grid gap-4" onSubmit={submit}>
          {(Object.keys(NAMES) as Name[]).map((name) => (
            <AmountField
              key={name}
              name={name}
              label={NAMES[name]}
              placeholder={shown(data.limits, name)}
              defaultValue={shown(data.own, name)}
              error={wrong === name ? "Type an amount, or nothing." : undefined}
            />
          ))}
          <Button type="submit" look="secondary" busy={saving.isPending}>
            Save the limits
          </Button>
        </form>
      )}
    </Panel>
  );
}

function shown(limits: Schemas["Limits"], name: Name): string | undefined {
  const amount = limits[name];
  return amount ? toRupees(paise(amount)) : undefined;
}
