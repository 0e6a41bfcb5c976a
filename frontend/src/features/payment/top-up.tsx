import { type FormEvent, useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Progress } from "../../intent/progress";
import { isOpen } from "../../intent/store";
import { useIntent } from "../../intent/use-intent";
import { format, paise, toRupees, typed } from "../../money/money";
import { accounts } from "../account/queries";
import { Button } from "../../ui/button";
import { AmountField, Select } from "../../ui/field";
import { read } from "../../ui/form";
import { PageHead, Panel } from "../../ui/panel";

const LEAST = 50;
const SUGGESTED = [50000, 100000, 200000];

/** Adds money by card, on a page of Stripe's. */
export function TopUpPage() {
  const intent = useIntent("top-up");
  const { data: mine = [] } = useQuery(accounts);
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const { state, dismiss } = intent;
  useEffect(() => {
    if (state?.status !== "done") return;
    dismiss();
    location.assign((state.answer as { paymentUrl: string }).paymentUrl);
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    const account = read(event)("account");
    const amount = typed(text);
    if (!amount || amount < LEAST) return setError(`Type an amount of at least ${format(LEAST)}.`);
    intent.begin({
      title: `adding ${format(amount)}`,
      path: "/api/v1/payment/topup",
      body: { amount: toRupees(amount), ...(account && { account }) },
    });
  }
  return (
    <div className="mx-auto max-w-lg">
      <PageHead title="Add money" lead="By card, on a page of Stripe's. We never see its number." />
      <Panel>
        <form className="grid gap-4" onSubmit={submit}>
          <AmountField
            label="Amount"
            required
            value={text}
            onChange={(event) => setText(event.target.value)}
            error={error}
          />
          <div className="flex flex-wrap gap-2">
            {SUGGESTED.map((amount) => (
              <Button key={amount} look="secondary" onClick={() => setText(toRupees(amount))}>
                {format(amount)}
              </Button>
            ))}
          </div>
          {mine.length > 1 && (
            <Select label="To which account" name="account">
              {mine.map((account) => (
                <option key={account.id} value={account.id}>
                  {account.name} ({format(paise(account.balance))})
                </option>
              ))}
            </Select>
          )}
          <Progress state={state} />
          <Button type="submit" busy={state && (isOpen(state) || state.status === "done")}>
            Go on to pay by card
          </Button>
        </form>
      </Panel>
    </div>
  );
}
