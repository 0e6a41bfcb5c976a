import { type FormEvent, useState } from "react";
import { Progress } from "../../intent/progress";
import { isOpen } from "../../intent/store";
import { useIntent } from "../../intent/use-intent";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { read } from "../../ui/form";
import { Notice } from "../../ui/notice";
import type { Product } from "./queries";

/** Brings pieces of a product in, or writes some off: once, like money. */
export function Restock({ product, onClose }: { product: Product; onClose: () => void }) {
  const intent = useIntent("sales:restock");
  const [error, setError] = useState<string>();
  function close() {
    intent.dismiss();
    onClose();
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    const quantity = Number(read(event)("quantity"));
    if (!Number.isInteger(quantity) || quantity === 0) return setError("Type a whole number.");
    const title = `${quantity > 0 ? "+" : "−"}${Math.abs(quantity)} × ${product.name}`;
    intent.begin({ title, path: `/api/v1/product/${product.id}/restock`, body: { quantity } });
  }
  if (intent.state?.status === "done") {
    return (
      <Dialog title="Noted" onClose={close}>
        <Notice kind="good" title={intent.state.intent.title} />
      </Dialog>
    );
  }
  return (
    <Dialog title={`Stock of ${product.name}`} onClose={close}>
      <form className="grid gap-4" onSubmit={submit}>
        <p>There are {product.stock} pieces.</p>
        <Field
          label="How many came in"
          name="quantity"
          type="number"
          required
          error={error}
          hint="A negative number writes some off."
        />
        <Progress state={intent.state} />
        <Button type="submit" busy={intent.state && isOpen(intent.state)}>
          Note it down
        </Button>
      </form>
    </Dialog>
  );
}
