import { type FormEvent, useState } from "react";
import { Progress } from "../../intent/progress";
import { isOpen } from "../../intent/store";
import { useIntent } from "../../intent/use-intent";
import { format, toRupees, typed } from "../../money/money";
import { Button } from "../../ui/button";
import { AmountField, Field } from "../../ui/field";
import { read } from "../../ui/form";
import { Notice } from "../../ui/notice";
import { Panel } from "../../ui/panel";

/** Issues money to somebody, from the system account. */
export function Funding({ userId }: { userId: string }) {
  const intent = useIntent(`operator:funding:${userId}`);
  const [error, setError] = useState<string>();
  const { state } = intent;
  function submit(event: FormEvent<HTMLFormElement>) {
    const field = read(event);
    const amount = typed(field("amount"));
    if (!amount) return setError("Type an amount, as in 250 or 99.50.");
    setError(undefined);
    const note = field("note");
    intent.begin({
      title: `${format(amount)} issued`,
      path: "/api/v1/transaction/system/initial-funds",
      body: { userId, amount: toRupees(amount), ...(note && { note }) },
    });
  }
  return (
    <Panel title="Issue money">
      {state?.status === "done" ? (
        <div className="grid gap-3">
          <Notice kind="good" title={state.intent.title} />
          <Button look="secondary" onClick={intent.dismiss}>
            Issue more
          </Button>
        </div>
      ) : (
        <form className="grid gap-4" onSubmit={submit}>
          <AmountField label="Amount" name="amount" required error={error} />
          <Field label="Note (optional)" name="note" maxLength={200} />
          <Progress state={state} />
          <Button type="submit" busy={state && isOpen(state)}>
            Issue it
          </Button>
        </form>
      )}
    </Panel>
  );
}
