import { useQueries, useQuery } from "@tanstack/react-query";
import { ShoppingBag, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { Link, useNavigate } from "react-router";
import { Progress } from "../../intent/progress";
import { isOpen } from "../../intent/store";
import { useIntent } from "../../intent/use-intent";
import { format, paise } from "../../money/money";
import { Button, ButtonLink, IconButton } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Select } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { Empty, PageHead, Panel } from "../../ui/panel";
import { Waiting } from "../../ui/waiting";
import { accounts } from "../account/queries";
import { Picture } from "../product/picture";
import { product, type Product } from "../product/queries";
import { put, useBasket } from "./basket";
import { type Method, Methods } from "./methods";
import { Quantity } from "./quantity";

/** What is about to be bought, and how it is paid. */
export function BasketPage() {
  const basket = useBasket();
  const found = useQueries({ queries: [...basket.keys()].map(product) });
  const lines = found.flatMap(({ data }) => (data ? [{ product: data, quantity: basket.get(data.id) ?? 0 }] : []));
  const gone = [...basket.keys()].filter((_, index) => found[index]?.isError);
  const intent = usePlaced();
  const { state } = intent;
  if (state && isOpen(state)) {
    return (
      <Frame>
        <Progress state={state} />
      </Frame>
    );
  }
  if (basket.size === 0) {
    return (
      <Frame>
        <Empty icon={<ShoppingBag className="size-6" />} title="The basket is empty">
          <ButtonLink look="quiet" to="/shop">
            To the shop
          </ButtonLink>
        </Empty>
      </Frame>
    );
  }
  return (
    <Frame>
      {found.some((one) => one.isPending) && <Waiting />}
      {gone.length > 0 && (
        <div className="mb-3 grid gap-2">
          <Failure error={found.find((one) => one.isError)?.error} />
          <Button look="secondary" onClick={() => gone.forEach((id) => put(id, 0))}>
            Take out what is not offered any more
          </Button>
        </div>
      )}
      <ul className="divide-y divide-line">
        {lines.map((line) => (
          <Line key={line.product.id} {...line} />
        ))}
      </ul>
      <Checkout lines={lines} intent={intent} />
    </Frame>
  );
}

function Frame({ children }: { children: React.ReactNode }) {
  return (
    <div className="mx-auto max-w-2xl">
      <PageHead title="Basket" />
      <Panel>{children}</Panel>
    </div>
  );
}

/** The intent of this order; once it is placed, the way leads on to where it is paid or shown. */
function usePlaced() {
  const intent = useIntent("basket");
  const navigate = useNavigate();
  const { state, dismiss } = intent;
  useEffect(() => {
    if (state?.status !== "done") return;
    const { orderId, paymentUrl } = state.answer as { orderId: string; paymentUrl?: string };
    dismiss();
    if (paymentUrl) location.assign(paymentUrl);
    else void navigate(`/orders/${orderId}`, { replace: true });
  });
  return intent;
}

function Line({ product, quantity }: { product: Product; quantity: number }) {
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <div className="size-16 overflow-hidden rounded-xl">
        <Picture path={product.image} className="h-full" />
      </div>
      <div className="min-w-0 flex-1 basis-40">
        <Link to={`/shop/${product.id}`} className="block truncate font-medium hover:underline">
          {product.name}
        </Link>
        <p className="text-sm text-muted">{format(paise(product.price))} each</p>
        {quantity > product.stock && <p className="text-sm font-medium text-bad">Only {product.stock} left</p>}
      </div>
      <Quantity
        name={product.name}
        value={quantity}
        most={product.stock}
        onChange={(pieces) => put(product.id, pieces)}
      />
      <p className="w-24 text-right font-semibold tabular-nums">{format(paise(product.price) * quantity)}</p>
      <IconButton label={`Take ${product.name} out`} onClick={() => put(product.id, 0)}>
        <Trash2 aria-hidden className="size-5" />
      </IconButton>
    </li>
  );
}

interface CheckoutProps {
  lines: { product: Product; quantity: number }[];
  intent: ReturnType<typeof useIntent>;
}

function Checkout({ lines, intent }: CheckoutProps) {
  const [method, setMethod] = useState<Method>("wallet");
  const [account, setAccount] = useState("");
  const { data: mine = [] } = useQuery(accounts);
  const total = lines.reduce((sum, { product, quantity }) => sum + paise(product.price) * quantity, 0);
  const isShort = lines.some(({ product, quantity }) => quantity > product.stock);
  const fromAccount = method === "wallet" || method === "hold";
  function order() {
    const items = lines.map(({ product, quantity }) => ({ productId: product.id, quantity }));
    const title = `an order for ${format(total)}`;
    if (method === "later") intent.begin({ title, path: "/api/v1/order/pay-later", body: { items } });
    else {
      const from = fromAccount && account ? { account } : {};
      intent.begin({ title, path: "/api/v1/order", body: { items, method, ...from } });
    }
  }
  return (
    <div className="mt-2 grid gap-4 border-t border-line pt-4">
      <p className="flex items-baseline justify-between text-lg font-semibold">
        Total <span className="text-2xl font-bold tabular-nums">{format(total)}</span>
      </p>
      <Methods value={method} among={["wallet", "card", "hold", "later"]} onChange={setMethod} />
      {fromAccount && mine.length > 1 && (
        <Select label="From which account" value={account} onChange={(event) => setAccount(event.target.value)}>
          {mine.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} ({format(paise(one.available))})
            </option>
          ))}
        </Select>
      )}
      <Progress state={intent.state} />
      {isShort && <Notice kind="warn">There is less in stock than you want of something.</Notice>}
      <Button disabled={lines.length === 0 || isShort} onClick={order}>
        {method === "later" ? "Order, and pay later" : `Order, and pay ${format(total)}`}
      </Button>
    </div>
  );
}
