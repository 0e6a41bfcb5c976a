import { useQuery } from "@tanstack/react-query";
import { Plus, Webhook } from "lucide-react";
import { useState } from "react";
import { Button, ButtonLink } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Empty, Panel } from "../../ui/panel";
import { Time } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { SalesFrame } from "../order/sales-frame";
import { Deleting } from "./webhook-deleting";
import { type Endpoint, type Event, EVENTS, webhooks } from "./webhook-queries";
import { Registering } from "./webhook-registering";

/** Where a merchant's systems listen to what happens. */
export function WebhooksPage() {
  const { data, error, refetch } = useQuery(webhooks);
  const [isRegistering, setRegistering] = useState(false);
  const [deleting, setDeleting] = useState<Endpoint | null>(null);
  return (
    <SalesFrame>
      <Panel
        title="Webhooks"
        aside={
          <Button onClick={() => setRegistering(true)}>
            <Plus aria-hidden className="size-5" /> Register one
          </Button>
        }
      >
        <Failure error={error} retry={() => void refetch()} />
        {!data && !error && <Waiting />}
        {data?.length === 0 && (
          <Empty icon={<Webhook className="size-6" />} title="Nothing is registered yet">
            A webhook is an address of yours that is told of payments and requests, signed with a secret.
          </Empty>
        )}
        <ul className="divide-y divide-line">
          {data?.map((endpoint) => (
            <Row key={endpoint.id} endpoint={endpoint} onDelete={setDeleting} />
          ))}
        </ul>
      </Panel>
      {isRegistering && <Registering onClose={() => setRegistering(false)} />}
      {deleting && <Deleting endpoint={deleting} onClose={() => setDeleting(null)} />}
    </SalesFrame>
  );
}

function Row({ endpoint, onDelete }: { endpoint: Endpoint; onDelete: (endpoint: Endpoint) => void }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium break-all">{endpoint.url}</p>
        <p className="text-sm text-muted">
          {endpoint.events.map((event) => EVENTS[event as Event]).join(", ")} · since <Time at={endpoint.createdAt} />
        </p>
      </div>
      <div className="-mr-2 ml-auto flex">
        <ButtonLink look="quiet" to={`/sales/webhooks/${endpoint.id}`}>
          Deliveries<span className="sr-only"> to {endpoint.url}</span>
        </ButtonLink>
        <Button look="quiet" onClick={() => onDelete(endpoint)}>
          Delete<span className="sr-only"> {endpoint.url}</span>
        </Button>
      </div>
    </li>
  );
}
