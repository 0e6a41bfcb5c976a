import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { HandCoins } from "lucide-react";
import { useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { moneyMoved } from "../../app/cache";
import { paise } from "../../money/money";
import { Amount } from "../../ui/amount";
import { Avatar } from "../../ui/avatar";
import { Button, ButtonLink } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { LoadMore } from "../../ui/load-more";
import { Empty, PageHead, Panel } from "../../ui/panel";
import { Tabs } from "../../ui/tabs";
import { Time } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { usePeople } from "../user/queries";
import { PayRequest } from "./pay-request";
import { RequestStatus } from "./request-status";
import { requests } from "./requests-queries";

type Request = Schemas["Request"];
/** Which one you are: who is asked, or who asks. */
type Side = "payer" | "payee";

/** Who asks you for money. */
export function RequestsToAnswer() {
  return <Requests side="payer" />;
}

/** Whom you ask for money. */
export function RequestsMade() {
  return <Requests side="payee" />;
}

function Requests({ side }: { side: Side }) {
  const pages = useInfiniteQuery(requests(side));
  const found = pages.data?.pages.flatMap((page) => page.requests);
  const people = usePeople(found?.map((request) => other(request, side)) ?? []);
  const [paying, setPaying] = useState<Request | null>(null);
  return (
    <div className="mx-auto max-w-2xl">
      <PageHead title="Requests">
        <ButtonLink to="/requests/new">
          <HandCoins aria-hidden className="size-5" /> Ask for money
        </ButtonLink>
      </PageHead>
      <Tabs
        label="Requests"
        places={[
          { to: "/requests", name: "Asked of you" },
          { to: "/requests/made", name: "Asked by you" },
        ]}
      />
      <Panel>
        <Failure error={pages.error} retry={() => void pages.refetch()} />
        {pages.isPending && <Waiting />}
        {found?.length === 0 && (
          <Empty
            icon={<HandCoins className="size-6" />}
            title={side === "payer" ? "Nobody asks you for money" : "You have not asked anybody"}
          />
        )}
        <ul className="divide-y divide-line">
          {found?.map((request) => (
            <Row
              key={request.id}
              request={request}
              side={side}
              person={people.get(other(request, side))}
              onPay={() => setPaying(request)}
            />
          ))}
        </ul>
        <LoadMore pages={pages} />
      </Panel>
      {paying && (
        <PayRequest
          request={paying}
          name={people.get(paying.payee)?.name ?? "somebody"}
          onClose={() => setPaying(null)}
        />
      )}
    </div>
  );
}

function other(request: Request, side: Side): string {
  return side === "payer" ? request.payee : request.payer;
}

interface RowProps {
  request: Request;
  side: Side;
  person?: Schemas["Card"];
  onPay: () => void;
}

function Row({ request, side, person, onPay }: RowProps) {
  const end = side === "payer" ? "decline" : "cancel";
  const ending = useMutation({
    mutationFn: () =>
      answer(
        api.POST(`/api/v1/transaction/request/{request_id}/${end}`, { params: { path: { request_id: request.id } } }),
      ),
    onSettled: moneyMoved,
  });
  const name = person?.name ?? "";
  return (
    <li className="py-3">
      <div className="flex items-center gap-3">
        <Avatar name={name} picture={person?.picture} />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{name}</p>
          <p className="truncate text-sm text-muted">{request.note ?? <Time at={request.createdAt} />}</p>
        </div>
        <div className="text-right">
          <Amount paise={paise(request.amount)} className="block font-semibold" />
          {request.status !== "pending" && <RequestStatus status={request.status} />}
        </div>
      </div>
      {request.status === "pending" && (
        <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
          <p className="mr-auto text-sm text-muted">
            Until <Time at={request.expiresAt} />
          </p>
          <Button look="secondary" busy={ending.isPending} onClick={() => ending.mutate()}>
            {side === "payer" ? "Decline" : "Cancel"}
            <span className="sr-only">
              {" "}
              the request {side === "payer" ? "of" : "to"} {name}
            </span>
          </Button>
          {side === "payer" && (
            <Button onClick={onPay}>
              Pay<span className="sr-only"> {name}</span>
            </Button>
          )}
        </div>
      )}
      <Failure error={ending.error} />
    </li>
  );
}
