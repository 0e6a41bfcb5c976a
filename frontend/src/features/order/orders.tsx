import { useInfiniteQuery } from "@tanstack/react-query";
import { Package } from "lucide-react";
import { Link } from "react-router";
import { format, paise } from "../../money/money";
import { ButtonLink } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { LoadMore } from "../../ui/load-more";
import { Empty, PageHead, Panel } from "../../ui/panel";
import { Time } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { usePeople } from "../user/queries";
import { OrderStatus } from "./order-status";
import { type Order, orders, type Side } from "./queries";

/** What one has ordered. */
export function OrdersPage() {
  return (
    <div className="mx-auto max-w-3xl">
      <PageHead title="Orders">
        <ButtonLink look="secondary" to="/shop">
          To the shop
        </ButtonLink>
      </PageHead>
      <Panel>
        <Orders side="buyer" />
      </Panel>
    </div>
  );
}

export function Orders({ side }: { side: Side }) {
  const pages = useInfiniteQuery(orders(side));
  const found = pages.data?.pages.flatMap((page) => page.orders);
  const people = usePeople(found?.map((order) => other(order, side)) ?? []);
  return (
    <>
      <Failure error={pages.error} retry={() => void pages.refetch()} />
      {pages.isPending && <Waiting rows={4} />}
      {found?.length === 0 && (
        <Empty
          icon={<Package className="size-6" />}
          title={side === "buyer" ? "You have ordered nothing yet" : "Nobody has ordered anything yet"}
        />
      )}
      <ul className="divide-y divide-line">
        {found?.map((order) => (
          <li key={order.id} className="relative flex items-center gap-3 py-3 hover:bg-raised">
            <div className="min-w-0 flex-1">
              <Link to={`/orders/${order.id}`} className="stretched block truncate font-medium">
                {order.items
                  .map((item) => (item.quantity > 1 ? `${item.quantity} × ${item.name}` : item.name))
                  .join(", ")}
              </Link>
              <p className="truncate text-sm text-muted">
                <Time at={order.createdAt} />
                {people.get(other(order, side))?.name && ` · ${people.get(other(order, side))?.name}`}
              </p>
            </div>
            <div className="grid justify-items-end gap-1">
              <p className="font-semibold tabular-nums">{format(paise(order.amount))}</p>
              <OrderStatus status={order.status} />
            </div>
          </li>
        ))}
      </ul>
      <LoadMore pages={pages} />
    </>
  );
}

function other(order: Order, side: Side): string {
  return side === "buyer" ? (order.shares[0]?.merchant ?? "") : order.buyer;
}
