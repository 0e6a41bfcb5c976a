import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { format, paise } from "../../money/money";
import { Badge } from "../../ui/badge";
import { Button, ButtonLink } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { PageHead } from "../../ui/panel";
import { toast } from "../../ui/toast";
import { Waiting } from "../../ui/waiting";
import { useMe } from "../identity/session";
import { put, useBasket } from "../order/basket";
import { Quantity } from "../order/quantity";
import { Picture } from "./picture";
import { product } from "./queries";
import { BasketLink } from "./shop";

const FEW = 10;

/** A product, and putting it into the basket. */
export function ProductPage() {
  const { id = "" } = useParams();
  const { data, error, refetch } = useQuery(product(id));
  const me = useMe();
  const basket = useBasket();
  const [quantity, setQuantity] = useState(1);
  if (!data) return error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting />;
  const inBasket = basket.get(id) ?? 0;
  return (
    <>
      <PageHead title={data.name}>
        <BasketLink />
      </PageHead>
      <div className="grid gap-6 md:grid-cols-2">
        <Picture path={data.image} className="aspect-square rounded-2xl" />
        <div>
          <p className="text-3xl font-bold tabular-nums">{format(paise(data.price))}</p>
          <p className="mt-1 text-muted">
            Sold by{" "}
            <Link to={`/shop?merchant=${data.merchant.id}`} className="font-medium text-accent underline">
              {data.merchant.name}
            </Link>
          </p>
          <p className="mt-3 flex gap-2">
            {data.category && <Badge>{data.category}</Badge>}
            {data.stock === 0 ? (
              <Badge tone="bad">Sold out</Badge>
            ) : (
              data.stock <= FEW && <Badge tone="warn">Only {data.stock} left</Badge>
            )}
          </p>
          {data.description && <p className="mt-4 break-words whitespace-pre-wrap">{data.description}</p>}
          {data.merchant.id === me.id ? (
            <ButtonLink className="mt-6" look="secondary" to="/sales/products">
              This is yours: change it
            </ButtonLink>
          ) : (
            data.stock > 0 && (
              <div className="mt-6 flex flex-wrap items-center gap-3">
                <Quantity name={data.name} value={quantity} most={data.stock} onChange={setQuantity} />
                <Button
                  onClick={() => {
                    put(id, Math.min(inBasket + quantity, data.stock));
                    toast(`${data.name} is in the basket`);
                  }}
                >
                  Put into the basket
                </Button>
              </div>
            )
          )}
        </div>
      </div>
    </>
  );
}
