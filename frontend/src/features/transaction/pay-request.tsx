import { useEffect } from "react";
import { useIntent } from "../../intent/use-intent";
import { format, paise } from "../../money/money";
import { Dialog } from "../../ui/dialog";
import { toast } from "../../ui/toast";
import { Confirmation } from "./confirmation";

interface Asked {
  id: string;
  amount: Parameters<typeof paise>[0];
  note: string | null;
}

/** Pays what somebody asks for, after one more look at it. */
export function PayRequest({ request, name, onClose }: { request: Asked; name: string; onClose: () => void }) {
  const intent = useIntent("requests");
  const amount = format(paise(request.amount));
  const isDone = intent.state?.status === "done";
  const { dismiss } = intent;
  useEffect(() => {
    if (!isDone) return;
    toast(`Paid ${amount} to ${name}`);
    dismiss();
    onClose();
  });
  function close() {
    dismiss();
    onClose();
  }
  return (
    <Dialog title="Pay a request" onClose={close}>
      <Confirmation
        rows={[["To", name], ["Amount", amount], ...(request.note ? [["Note", request.note] as const] : [])]}
        action={`Pay ${amount}`}
        intent={intent}
        onBack={close}
        onConfirm={() =>
          intent.begin({
            title: `${amount} to ${name}`,
            path: `/api/v1/transaction/request/${request.id}/pay`,
            body: {},
          })
        }
      />
    </Dialog>
  );
}
