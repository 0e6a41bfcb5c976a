import type { ReactNode } from "react";
import { RoleFrame } from "../identity/role-frame";

const PLACES = [
  { to: "/operator", name: "Users" },
  { to: "/operator/outbox", name: "Outbox" },
  { to: "/operator/look-up", name: "Look up" },
];

/** What stands around the pages of operators. */
export function OperatorFrame({ children }: { children: ReactNode }) {
  return (
    <RoleFrame of="operator" title="Operation" places={PLACES}>
      {children}
    </RoleFrame>
  );
}
