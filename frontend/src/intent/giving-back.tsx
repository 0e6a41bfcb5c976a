import { type FormEvent, useState } from "react";
import { format, type Paise, toRupees, typed } from "../money/money";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { AmountField } from "../ui/field";
import { read } from "../ui/form";
import { Notice } from "../ui/notice";
import { Progress } from "./progress";
import { isOpen } from "./store";
import { useIntent } from "./use-intent";

interface Props {
  title: string;
  action: string;
  /** Whoever gets the money, as it is said in a sentence. */
  to: string;
  most: Paise;
  kind: string;
  path: string;
  /** What the refund says beside its amount. */
  body?: Record<string, unknown>;
  onClose: () => void;
}

/** Asks how much of something is given back, and gives it. */
export function GivingBack({ title, action, to, most, kind, path, body, onClose }: Props) {
  const intent = useIntent(kind);
  const [error, setError] = useState<string>();
  function close() {
    intent.dismiss();
    onClose();
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    const amount = typed(read(event)("amount"));
    if (!amount || amount > most) return setError(`Type an amount up to ${format(most)}.`);
    intent.begin({ title: `${format(amount)} back to ${to}`, path, body: { ...body, amount: toRupees(amount) } });
  }
  if (intent.state?.status === "done") {
    return (
      <Dialog title="Given back" onClose={close}>
        <Notice kind="good" title={intent.state.intent.title} />
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={close}>
      <form className="grid gap-4" onSubmit={submit}>
        <AmountField label="Amount" name="amount" required defaultValue={toRupees(most)} error={error} />
        <Progress state={intent.state} />
        <Button type="submit" busy={intent.state && isOpen(intent.state)}>
          {action}
        </Button>
      </form>
    </Dialog>
  );
}
