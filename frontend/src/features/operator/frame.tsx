import type { ReactNode } from "react";
import { Notice } from "../../ui/notice";
import { PageHead } from "../../ui/panel";
import { Tabs } from "../../ui/tabs";
import { useRole } from "../identity/session";

/** What stands around the pages of operators. */
export function OperatorFrame({ children }: { children: ReactNode }) {
  if (!useRole("operator")) return <Notice kind="warn">This page is for operators.</Notice>;
  return (
    <div className="mx-auto max-w-3xl">
      <PageHead title="Operation" />
      <Tabs
        label="Operation"
        places={[
          { to: "/operator", name: "Users" },
          { to: "/operator/outbox", name: "Outbox" },
          { to: "/operator/look-up", name: "Look up" },
        ]}
      />
      {children}
    </div>
  );
}
