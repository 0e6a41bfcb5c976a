import type { ReactNode } from "react";
import { Notice } from "../../ui/notice";
import { PageHead } from "../../ui/panel";
import { Tabs } from "../../ui/tabs";
import { useRole } from "../identity/session";

/** What stands around the pages of merchants. */
export function SalesFrame({ children }: { children: ReactNode }) {
  if (!useRole("merchant")) return <Notice kind="warn">This page is for merchants.</Notice>;
  return (
    <div className="mx-auto max-w-3xl">
      <PageHead title="Sales" />
      <Tabs
        label="Sales"
        places={[
          { to: "/sales", name: "Orders" },
          { to: "/sales/products", name: "Products" },
          { to: "/sales/payouts", name: "Payouts" },
          { to: "/sales/webhooks", name: "Webhooks" },
        ]}
      />
      {children}
    </div>
  );
}
