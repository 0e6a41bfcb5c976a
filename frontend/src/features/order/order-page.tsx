import { useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { answer, api } from "../../api/client";
import { moneyMoved } from "../../app/cache";
import { format, paise } from "../../money/money";
import { Button, ButtonLink } from "../../ui/button";
import { Details } from "../../ui/details";
import { Failure } from "../../ui/failure";
import { PageHead, Panel } from "../../ui/panel";
import { Time } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { useMe } from "../identity/session";
import { usePeople } from "../user/queries";
import { methodName } from "./methods";
import { OrderStatus } from "./order-status";
import { PayOrder } from "./pay-order";
import { order, type Order } from "./queries";
import { Shares } from "./shares";

/** An order as its buyer or its merchants see it, and what can be done about it. */
export function OrderPage() {
  const { id = "" } = useParams();
  const { data, error, refetch } = useQuery(order(id));
  return (
    <div className="mx-auto max-w-2xl">
      <PageHead title="Order">{data && <OrderStatus status={data.status} />}</PageHead>
      <Failure error={error} retry={() => void refetch()} />
      {!data && !error && <Waiting />}
      {data && <Shown order={data} />}
    </div>
  );
}

function Shown({ order: one }: { order: Order }) {
  const me = useMe();
  const people = usePeople([one.buyer, ...one.items.map((item) => item.merchant)]);
  const isBuyer = one.buyer === me.id;
  const isOpen = one.status === "pending" || one.status === "authorised";
  return (
    <div className="grid grid-cols-1 gap-4">
      <Panel>
        <ul className="mb-3 divide-y divide-line">
          {one.items.map((item) => (
            <li key={item.productId} className="flex justify-between gap-3 py-2.5">
              <div className="min-w-0">
                <p className="truncate font-medium">
                  {item.quantity} × {item.name}
                </p>
                <p className="truncate text-sm text-muted">{people.get(item.merchant)?.name}</p>
              </div>
              <p className="font-medium tabular-nums">{format(paise(item.price) * item.quantity)}</p>
            </li>
          ))}
        </ul>
        <Details
          rows={[
            ["Total", format(paise(one.amount))],
            ["Paid by", methodName(one.method)],
            ["Ordered", <Time key="ordered" at={one.createdAt} />],
            ...(isBuyer ? [] : [["Buyer", people.get(one.buyer)?.name ?? ""] as const]),
            ...(isOpen && one.expiresAt
              ? [
                  [
                    one.status === "pending" ? "To be paid until" : "Set aside until",
                    <Time key="until" at={one.expiresAt} />,
                  ] as const,
                ]
              : []),
          ]}
        />
        {isBuyer && isOpen && <Cancelling order={one} />}
      </Panel>
      {isBuyer && one.status === "pending" && <PayOrder order={one} />}
      <Shares order={one} />
      <ButtonLink look="quiet" to={`/chat/${isBuyer ? (one.shares[0]?.merchant ?? "") : one.buyer}`}>
        Write to the {isBuyer ? "merchant" : "buyer"}
      </ButtonLink>
    </div>
  );
}

function Cancelling({ order: one }: { order: Order }) {
  const cancelling = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/order/{order_id}/cancel", { params: { path: { order_id: one.id } } })),
    onSettled: moneyMoved,
  });
  return (
    <div className="mt-4 grid gap-2">
      <Failure error={cancelling.error} />
      <Button look="danger" busy={cancelling.isPending} onClick={() => cancelling.mutate()}>
        Cancel the order
      </Button>
    </div>
  );
}
