import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api/client";
import { Progress } from "../../intent/progress";
import { isOpen } from "../../intent/store";
import { useIntent } from "../../intent/use-intent";
import { format, toRupees, typed } from "../../money/money";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { AmountField, Select } from "../../ui/field";
import { read } from "../../ui/form";
import { Notice } from "../../ui/notice";

/** Moves money between one's own accounts. */
export function MoveMoney({ accounts, onClose }: { accounts: Schemas["Account"][]; onClose: () => void }) {
  const intent = useIntent("accounts");
  const [error, setError] = useState<string>();
  function close() {
    intent.dismiss();
    onClose();
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    const field = read(event);
    const amount = typed(field("amount"));
    if (field("from") === field("to")) return setError("Choose two accounts.");
    if (!amount) return setError("Type an amount, as in 250 or 99.50.");
    const name = accounts.find((account) => account.id === field("to"))?.name ?? "";
    intent.begin({
      title: `${format(amount)} to ${name}`,
      path: "/api/v1/transaction",
      body: { fromAccount: field("from"), toAccount: field("to"), amount: toRupees(amount) },
    });
  }
  if (intent.state?.status === "done") {
    return (
      <Dialog title="Moved" onClose={close}>
        <Notice kind="good" title={intent.state.intent.title} />
      </Dialog>
    );
  }
  const options = accounts.map((account) => (
    <option key={account.id} value={account.id}>
      {account.name}
    </option>
  ));
  return (
    <Dialog title="Move money" onClose={close}>
      <form className="grid gap-4" onSubmit={submit}>
        <Select label="From" name="from">
          {options}
        </Select>
        <Select label="To" name="to" defaultValue={accounts[1]?.id}>
          {options}
        </Select>
        <AmountField label="Amount" name="amount" required error={error} />
        <Progress state={intent.state} />
        <Button type="submit" busy={intent.state && isOpen(intent.state)}>
          Move it
        </Button>
      </form>
    </Dialog>
  );
}
