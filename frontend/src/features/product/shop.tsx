import { useInfiniteQuery } from "@tanstack/react-query";
import { Search, ShoppingBag } from "lucide-react";
import { useDeferredValue } from "react";
import { Link, useSearchParams } from "react-router";
import { format, paise } from "../../money/money";
import { Badge } from "../../ui/badge";
import { ButtonLink } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Field, Select } from "../../ui/field";
import { LoadMore } from "../../ui/load-more";
import { Empty, PageHead } from "../../ui/panel";
import { Waiting } from "../../ui/waiting";
import { useBasket } from "../order/basket";
import { Picture } from "./picture";
import { type Product, products, type Search as Wanted } from "./queries";

const ORDERS = { newest: "Newest first", price: "Cheapest first", "-price": "Dearest first", name: "By name" };

/** What merchants offer. */
export function ShopPage() {
  const [search, setSearch] = useSearchParams();
  const wanted = useDeferredValue(search);
  const pages = useInfiniteQuery(
    products({
      search: wanted.get("search") ?? "",
      category: wanted.get("category") || null,
      merchant: wanted.get("merchant") || null,
      inStock: wanted.get("inStock") === "true" ? true : null,
      sort: (wanted.get("sort") as Wanted["sort"]) ?? "newest",
    }),
  );
  const found = pages.data?.pages.flatMap((page) => page.products);
  const change = (name: string, to: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (to) next.set(name, to);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const chosen = search.get("category");
  const categories = [...new Set([chosen, ...(found ?? []).map((one) => one.category)])].filter((one) => one !== null);
  return (
    <>
      <PageHead title="Shop">
        <BasketLink />
      </PageHead>
      <div role="search" className="mb-4 grid grid-cols-2 gap-3 sm:grid-cols-[2fr_1fr_1fr]">
        <div className="relative col-span-2 sm:col-span-1">
          <Field
            label="Search"
            type="search"
            value={search.get("search") ?? ""}
            onChange={(event) => change("search", event.target.value)}
          />
          <Search aria-hidden className="absolute right-3 bottom-3 size-5 text-muted" />
        </div>
        <Select label="Category" value={chosen ?? ""} onChange={(event) => change("category", event.target.value)}>
          <option value="">All of them</option>
          {categories.map((category) => (
            <option key={category}>{category}</option>
          ))}
        </Select>
        <Select
          label="Order"
          value={search.get("sort") ?? "newest"}
          onChange={(event) => change("sort", event.target.value)}
        >
          {Object.entries(ORDERS).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      <Failure error={pages.error} retry={() => void pages.refetch()} />
      {pages.isPending && <Waiting rows={6} />}
      {found?.length === 0 && (
        <Empty icon={<ShoppingBag className="size-6" />} title="Nothing found">
          Nobody offers anything like that at the moment.
        </Empty>
      )}
      <ul className="grid grid-cols-2 gap-4 md:grid-cols-3 xl:grid-cols-4">
        {found?.map((product) => (
          <Tile key={product.id} product={product} />
        ))}
      </ul>
      <LoadMore pages={pages} />
    </>
  );
}

function Tile({ product }: { product: Product }) {
  return (
    <li className="relative flex flex-col overflow-hidden rounded-2xl border border-line bg-surface hover:border-edge">
      <Picture path={product.image} className="aspect-square" />
      <div className="flex flex-1 flex-col p-3">
        <Link to={`/shop/${product.id}`} className="stretched line-clamp-2 font-medium">
          {product.name}
        </Link>
        <p className="mb-2 truncate text-sm text-muted">{product.merchant.name}</p>
        <div className="mt-auto flex flex-wrap items-center justify-between gap-1">
          <p className="font-bold tabular-nums">{format(paise(product.price))}</p>
          {product.stock === 0 && <Badge>Sold out</Badge>}
        </div>
      </div>
    </li>
  );
}

export function BasketLink() {
  const count = [...useBasket().values()].reduce((sum, quantity) => sum + quantity, 0);
  return (
    <ButtonLink look={count ? "primary" : "secondary"} to="/basket">
      <ShoppingBag aria-hidden className="size-5" /> Basket ({count})
    </ButtonLink>
  );
}
