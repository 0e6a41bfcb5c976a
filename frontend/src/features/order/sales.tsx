import { Panel, PageHead } from "../../ui/panel";
import { Tabs } from "../../ui/tabs";
import { OwnProducts } from "../product/own-products";
import { Orders } from "./orders";

/** A merchant's side: what was ordered, and what is offered. */
export function SalesPage({ shows }: { shows: "orders" | "products" }) {
  return (
    <div className="mx-auto max-w-3xl">
      <PageHead title="Sales" />
      <Tabs
        label="Sales"
        places={[
          { to: "/sales", name: "Orders" },
          { to: "/sales/products", name: "Products" },
        ]}
      />
      <Panel>{shows === "orders" ? <Orders side="merchant" /> : <OwnProducts />}</Panel>
    </div>
  );
}
