import { useMutation } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Field } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { Panel } from "../../ui/panel";

/** Freezes an account, so that no money moves in it, and unfreezes it; why stands in the audit trail. */
export function Freezing({ account }: { account: string }) {
  const turning = useMutation({
    mutationFn: async ({ to, reason }: { to: "freeze" | "unfreeze"; reason: string }) =>
      (
        await answer(
          api.POST(`/api/v1/account/{account_id}/${to}`, {
            params: { path: { account_id: account } },
            body: { reason },
          }),
        )
      ).account,
  });
  return (
    <Panel title="Freeze or unfreeze">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const { submitter } = event.nativeEvent as SubmitEvent;
          const reason = String(new FormData(event.currentTarget).get("reason")).trim();
          const to = (submitter as HTMLButtonElement | null)?.value === "unfreeze" ? "unfreeze" : "freeze";
          turning.mutate({ to, reason });
        }}
      >
        <Field label="Why" name="reason" required maxLength={200} />
        <Failure error={turning.error} />
        {turning.data && <Notice kind="good">The account is {turning.data.status} now.</Notice>}
        <div className="grid grid-cols-2 gap-2">
          <Button type="submit" value="freeze" look="danger" disabled={turning.isPending}>
            Freeze
          </Button>
          <Button type="submit" value="unfreeze" look="secondary" disabled={turning.isPending}>
            Unfreeze
          </Button>
        </div>
      </form>
    </Panel>
  );
}
