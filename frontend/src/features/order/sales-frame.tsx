import type { ReactNode } from "react";
import { RoleFrame } from "../identity/role-frame";

const PLACES = [
  { to: "/sales", name: "Orders" },
  { to: "/sales/products", name: "Products" },
  { to: "/sales/payouts", name: "Payouts" },
  { to: "/sales/webhooks", name: "Webhooks" },
];

/** What stands around the pages of merchants. */
export function SalesFrame({ children }: { children: ReactNode }) {
  return (
    <RoleFrame of="merchant" title="Sales" places={PLACES}>
      {children}
    </RoleFrame>
  );
}
