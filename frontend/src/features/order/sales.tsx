import { Panel } from "../../ui/panel";
import { OwnProducts } from "../product/own-products";
import { Orders } from "./orders";
import { SalesFrame } from "./sales-frame";

/** What was ordered of a merchant. */
export function SalesPage() {
  return (
    <SalesFrame>
      <Panel>
        <Orders side="merchant" />
      </Panel>
    </SalesFrame>
  );
}

/** What a merchant offers. */
export function ProductsPage() {
  return (
    <SalesFrame>
      <Panel>
        <OwnProducts />
      </Panel>
    </SalesFrame>
  );
}
