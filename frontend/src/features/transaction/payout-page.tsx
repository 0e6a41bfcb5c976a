import { useState } from "react";
import { Progress } from "../../intent/progress";
import { isOpen } from "../../intent/store";
import { useIntent } from "../../intent/use-intent";
import { Button, ButtonLink } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { Panel } from "../../ui/panel";
import type { Schemas } from "../../api/client";
import { SalesFrame } from "../order/sales-frame";
import { PayoutForm } from "./payout-form";
import type { Plan } from "./payout-plan";
import { Review } from "./payout-review";

/** Pays many at once: give a table, see what would become of it, and confirm. */
export function PayoutPage() {
  return (
    <SalesFrame>
      <Panel title="Pay many at once">
        <Paying />
      </Panel>
    </SalesFrame>
  );
}

function Paying() {
  const intent = useIntent("sales:payout");
  const [plan, setPlan] = useState<Plan | null>(null);
  const [isTried, setTried] = useState(false);
  const { state } = intent;
  if (state?.status === "done") {
    const { transaction } = state.answer as Schemas["Made"];
    return (
      <div className="grid gap-3">
        <Notice kind="good" title={`Paid: ${state.intent.title}`} />
        <div className="flex flex-wrap gap-2">
          <ButtonLink look="secondary" to={`/history/${transaction.id}`} onClick={intent.dismiss}>
            See the payout
          </ButtonLink>
          <Button
            look="quiet"
            onClick={() => {
              setPlan(null);
              setTried(false);
              intent.dismiss();
            }}
          >
            Pay more
          </Button>
        </div>
      </div>
    );
  }
  // An earlier page began it.
  if (state && isOpen(state) && !plan) return <Progress state={state} />;
  if (!plan || !isTried) {
    return (
      <PayoutForm
        before={plan}
        onPlan={(tried) => {
          setPlan(tried);
          setTried(true);
        }}
      />
    );
  }
  return (
    <Review
      plan={plan}
      intent={intent}
      onBack={() => {
        intent.dismiss();
        setTried(false);
      }}
    />
  );
}
