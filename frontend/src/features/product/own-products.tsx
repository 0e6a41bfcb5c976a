import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus, Store } from "lucide-react";
import { useState } from "react";
import { format, paise } from "../../money/money";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { LoadMore } from "../../ui/load-more";
import { Empty } from "../../ui/panel";
import { Waiting } from "../../ui/waiting";
import { useMe } from "../identity/session";
import { Picture } from "./picture";
import { ProductDialog } from "./product-dialog";
import { type Product, products } from "./queries";
import { Restock } from "./restock";

type Doing = { what: "add" } | { what: "change" | "restock"; product: Product };

/** What one offers: adding to it, changing it, and bringing pieces in. */
export function OwnProducts() {
  const me = useMe();
  const pages = useInfiniteQuery(products({ search: "", merchant: me.id, sort: "newest" }));
  const found = pages.data?.pages.flatMap((page) => page.products);
  const [doing, setDoing] = useState<Doing | null>(null);
  const stop = () => setDoing(null);
  return (
    <>
      <Button className="mb-2" onClick={() => setDoing({ what: "add" })}>
        <Plus aria-hidden className="size-5" /> Offer something
      </Button>
      <Failure error={pages.error} retry={() => void pages.refetch()} />
      {pages.isPending && <Waiting rows={4} />}
      {found?.length === 0 && <Empty icon={<Store className="size-6" />} title="You offer nothing yet" />}
      <ul className="divide-y divide-line">
        {found?.map((product) => (
          <li key={product.id} className="flex flex-wrap items-center gap-3 py-3">
            <div className="size-14 overflow-hidden rounded-xl">
              <Picture path={product.image} className="h-full" />
            </div>
            <div className="min-w-0 flex-1 basis-40">
              <p className="truncate font-medium">{product.name}</p>
              <p className="text-sm text-muted">
                {format(paise(product.price))} ·{" "}
                {product.stock === 0 ? <Badge tone="bad">Sold out</Badge> : `${product.stock} in stock`}
              </p>
            </div>
            <div className="ml-auto flex">
              <Button look="quiet" onClick={() => setDoing({ what: "restock", product })}>
                Stock<span className="sr-only"> of {product.name}</span>
              </Button>
              <Button look="quiet" onClick={() => setDoing({ what: "change", product })}>
                Change<span className="sr-only"> {product.name}</span>
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <LoadMore pages={pages} />
      {doing?.what === "add" && <ProductDialog onClose={stop} />}
      {doing?.what === "change" && <ProductDialog product={doing.product} onClose={stop} />}
      {doing?.what === "restock" && <Restock product={doing.product} onClose={stop} />}
    </>
  );
}
