import { useEffect, useState } from "react";
import { Progress } from "../../intent/progress";
import { isOpen } from "../../intent/store";
import { useIntent } from "../../intent/use-intent";
import { format, paise } from "../../money/money";
import { Button } from "../../ui/button";
import { Panel } from "../../ui/panel";
import { toast } from "../../ui/toast";
import { type Method, Methods } from "./methods";
import type { Order } from "./queries";

/** Pays for an order that is not paid yet. */
export function PayOrder({ order }: { order: Order }) {
  const [method, setMethod] = useState<Method>(order.method === "card" ? "card" : "wallet");
  const intent = useIntent("orders:pay");
  const { state, dismiss } = intent;
  const amount = format(paise(order.amount));
  useEffect(() => {
    if (state?.status !== "done") return;
    const { paymentUrl } = state.answer as { paymentUrl?: string };
    dismiss();
    if (paymentUrl) location.assign(paymentUrl);
    else toast("Done");
  });
  return (
    <Panel title="Pay for it">
      <div className="grid gap-4">
        <Methods value={method} among={["wallet", "card", "hold"]} onChange={setMethod} />
        <Progress state={state} />
        <Button
          busy={state && isOpen(state)}
          onClick={() =>
            intent.begin({ title: `${amount} for an order`, path: `/api/v1/order/${order.id}/pay`, body: { method } })
          }
        >
          {method === "hold" ? `Set ${amount} aside` : `Pay ${amount}`}
        </Button>
      </div>
    </Panel>
  );
}
