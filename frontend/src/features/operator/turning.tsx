import { useMutation } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { cache } from "../../app/cache";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Field } from "../../ui/field";
import { read } from "../../ui/form";
import { Panel } from "../../ui/panel";
import { toast } from "../../ui/toast";
import { type Holder, user } from "./queries";

/** Freezes somebody's main account, so that no money moves in it, or unfreezes it. */
export function Freezing({ user: { id, account } }: { user: Holder }) {
  const to = account.status === "frozen" ? "unfreeze" : "freeze";
  const path = { account_id: id };
  return (
    <Turning
      id={id}
      title="The main account"
      lead={
        to === "freeze" ? "It is active: money may enter and leave it." : "It is frozen: no money enters or leaves it."
      }
      action={to === "freeze" ? "Freeze it" : "Unfreeze it"}
      danger={to === "freeze"}
      done={to === "freeze" ? "The account is frozen" : "The account is active again"}
      run={(reason) => answer(api.POST(`/api/v1/account/{account_id}/${to}`, { params: { path }, body: { reason } }))}
    />
  );
}

/** Disables somebody, who is signed out everywhere and not let in, or enables them again. */
export function Disabling({ user: { id, status } }: { user: Holder }) {
  const to = status === "disabled" ? "enable" : "disable";
  const path = { user_id: id };
  return (
    <Turning
      id={id}
      title="Signing in"
      lead={to === "disable" ? "This user may sign in." : "This user is disabled, and cannot sign in."}
      action={to === "disable" ? "Disable the user" : "Enable the user"}
      danger={to === "disable"}
      done={to === "disable" ? "The user is disabled" : "The user is enabled again"}
      run={(reason) => answer(api.POST(`/api/v1/user/{user_id}/${to}`, { params: { path }, body: { reason } }))}
    />
  );
}

interface Props {
  id: string;
  title: string;
  lead: string;
  action: string;
  danger: boolean;
  done: string;
  run: (reason: string) => Promise<unknown>;
}

/** Turns something about a user one way or the other; why stands in the audit trail. */
function Turning({ id, title, lead, action, danger, done, run }: Props) {
  const turning = useMutation({
    mutationFn: run,
    onSuccess: () => toast(done),
    // Whatever came of it, it is shown as it is now.
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: user(id).queryKey }),
        cache.invalidateQueries({ queryKey: ["users", "found"] }),
      ]),
  });
  return (
    <Panel title={title}>
      <form
        key={action}
        className="grid gap-4"
        onSubmit={(event) => {
          const reason = read(event)("reason");
          turning.mutate(reason);
        }}
      >
        <p>{lead}</p>
        <Field label={`Why ${action.toLowerCase()}?`} name="reason" required maxLength={200} autoComplete="off" />
        <Failure error={turning.error} />
        <Button type="submit" look={danger ? "danger" : "secondary"} busy={turning.isPending}>
          {action}
        </Button>
      </form>
    </Panel>
  );
}
