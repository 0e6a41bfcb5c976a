import { useMutation } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { cache } from "../../app/cache";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { toast } from "../../ui/toast";
import { type Endpoint, webhooks } from "./webhook-queries";

/** Asks once more before a webhook is deleted. */
export function Deleting({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const deleting = useMutation({
    mutationFn: () =>
      answer(api.DELETE("/api/v1/webhook/{endpoint_id}", { params: { path: { endpoint_id: endpoint.id } } })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: webhooks.queryKey, exact: true });
      toast("Deleted");
      onClose();
    },
  });
  return (
    <Dialog title="Delete this webhook?" onClose={onClose}>
      <div className="grid gap-4">
        <p className="break-all">{endpoint.url}</p>
        <p>It is told nothing more, not even of what has happened already.</p>
        <Failure error={deleting.error} />
        <Button look="danger" busy={deleting.isPending} onClick={() => deleting.mutate()}>
          Delete it
        </Button>
      </div>
    </Dialog>
  );
}
