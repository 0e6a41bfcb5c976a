import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { moneyMoved } from "../../app/cache";
import { GivingBack } from "../../intent/giving-back";
import { format, paise } from "../../money/money";
import { Button } from "../../ui/button";
import { Details } from "../../ui/details";
import { Failure } from "../../ui/failure";
import { Panel } from "../../ui/panel";
import { toast } from "../../ui/toast";
import { useMe, useRole } from "../identity/session";
import { usePeople } from "../user/queries";
import type { Order } from "./queries";

type Share = Schemas["Share"];

/** What merchants get of an order: getting it at delivery, and giving it back. */
export function Shares({ order }: { order: Order }) {
  const me = useMe();
  const isOperator = useRole("operator");
  const mine = order.shares.filter((share) => isOperator || share.merchant === me.id);
  const people = usePeople(mine.map((share) => share.merchant));
  return mine.map((share) => (
    <ShareOf key={share.account} order={order} share={share} name={people.get(share.merchant)?.name ?? ""} />
  ));
}

function ShareOf({ order, share, name }: { order: Order; share: Share; name: string }) {
  const [isRefunding, setRefunding] = useState(false);
  const [amount, paid, refunded] = [paise(share.amount), paise(share.paid), paise(share.refunded)];
  const delivering = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/order/{order_id}/capture", {
          params: { path: { order_id: order.id } },
          body: { amount: null, account: share.account },
        }),
      ),
    onSuccess: () => toast("Delivered, and paid"),
    onSettled: moneyMoved,
  });
  return (
    <Panel title={`Share of ${name}`}>
      <Details
        rows={[
          ["Share", format(amount)],
          ["Paid", format(paid)],
          ...(refunded > 0 ? [["Given back", format(refunded)] as const] : []),
        ]}
      />
      <Failure error={delivering.error} />
      <div className="mt-3 flex flex-wrap gap-2">
        {order.status === "authorised" && paid + refunded === 0 && (
          <Button busy={delivering.isPending} onClick={() => delivering.mutate()}>
            Delivered: take {format(amount)}
          </Button>
        )}
        {paid > 0 && (
          <Button look="secondary" onClick={() => setRefunding(true)}>
            Give money back
          </Button>
        )}
      </div>
      {isRefunding && (
        <GivingBack
          title="Give money back"
          action="Give it back"
          to="the buyer"
          most={paid}
          kind="orders:refund"
          path={`/api/v1/order/${order.id}/refund`}
          body={{ account: share.account }}
          onClose={() => setRefunding(false)}
        />
      )}
    </Panel>
  );
}
