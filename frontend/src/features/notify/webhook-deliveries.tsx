import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useParams } from "react-router";
import { answer, api } from "../../api/client";
import { cache } from "../../app/cache";
import { Badge, type Tone } from "../../ui/badge";
import { Button, ButtonLink } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { LoadMore } from "../../ui/load-more";
import { Empty, Panel } from "../../ui/panel";
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import { Waiting } from "../../ui/waiting";
import { SalesFrame } from "../order/sales-frame";
import { deliveries, type Delivery, webhooks } from "./webhook-queries";

const STATES: Record<Delivery["state"], [Tone, string]> = {
  sent: ["good", "Got through"],
  due: ["warn", "Waiting"],
  dead: ["bad", "Given up"],
};

/** What a webhook was told or will be, and telling it again. */
export function DeliveriesPage() {
  const { id = "" } = useParams();
  const { data } = useQuery(webhooks);
  const endpoint = data?.find((one) => one.id === id);
  const pages = useInfiniteQuery(deliveries(id));
  const found = pages.data?.pages.flatMap((page) => page.deliveries);
  return (
    <SalesFrame>
      <Panel
        title="Deliveries"
        aside={
          <ButtonLink look="quiet" to="/sales/webhooks">
            All webhooks
          </ButtonLink>
        }
      >
        {endpoint && <p className="text-muted break-all">{endpoint.url}</p>}
        <Failure error={pages.error} retry={() => void pages.refetch()} />
        {pages.isPending && <Waiting rows={4} />}
        {found?.length === 0 && <Empty icon={<Inbox className="size-6" />} title="It has been told nothing yet" />}
        <ul className="divide-y divide-line">
          {found?.map((delivery) => (
            <Row key={delivery.id} delivery={delivery} />
          ))}
        </ul>
        <LoadMore pages={pages} />
      </Panel>
    </SalesFrame>
  );
}

function Row({ delivery }: { delivery: Delivery }) {
  const [tone, state] = STATES[delivery.state];
  const replaying = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/webhook/deliveries/{delivery_id}/replay", {
          params: { path: { delivery_id: delivery.id } },
        }),
      ),
    onSuccess: () => toast("It will be told again"),
    onSettled: () => cache.invalidateQueries({ queryKey: webhooks.queryKey }),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium">{delivery.kind}</p>
        <p className="text-sm text-muted">
          <Time at={delivery.createdAt} /> · {delivery.attempts} {delivery.attempts === 1 ? "attempt" : "attempts"}
        </p>
        {delivery.reason && <p className="text-sm break-words text-bad">{delivery.reason}</p>}
        <Failure error={replaying.error} />
      </div>
      <Badge tone={tone}>{state}</Badge>
      {delivery.state !== "due" && (
        <Button look="quiet" busy={replaying.isPending} onClick={() => replaying.mutate()}>
          Tell it again<span className="sr-only">: {delivery.kind}</span>
        </Button>
      )}
    </li>
  );
}
