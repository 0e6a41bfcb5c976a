import { Badge } from "../../ui/badge";
import type { Holder } from "./queries";

/** What is out of the ordinary about somebody: roles, and that something is closed to them. */
export function Standing({ user }: { user: Holder }) {
  return (
    <span className="flex flex-wrap gap-1">
      {user.roles.slice(1).map((role) => (
        <Badge key={role}>{role[0]?.toUpperCase() + role.slice(1)}</Badge>
      ))}
      {user.account.status === "frozen" && <Badge tone="bad">Frozen</Badge>}
      {user.status === "disabled" && <Badge tone="bad">Disabled</Badge>}
    </span>
  );
}
