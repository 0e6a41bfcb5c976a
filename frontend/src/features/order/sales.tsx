import type { ReactNode } from "react";
import { PageHead, Panel } from "../../ui/panel";
import { Tabs } from "../../ui/tabs";
import { OwnProducts } from "../product/own-products";
import { Orders } from "./orders";

/** What was ordered of a merchant. */
export function SalesPage() {
  return (
    <Frame>
      <Orders side="merchant" />
    </Frame>
  );
}

/** What a merchant offers. */
export function ProductsPage() {
  return (
    <Frame>
      <OwnProducts />
    </Frame>
  );
}

function Frame({ children }: { children: ReactNode }) {
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
      <Panel>{children}</Panel>
    </div>
  );
}
