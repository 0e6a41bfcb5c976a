import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { GivingBack } from "../../intent/giving-back";
import { format, paise, toRupees } from "../../money/money";
import { Amount } from "../../ui/amount";
import { Button, ButtonLink } from "../../ui/button";
import { Details } from "../../ui/details";
import { Failure } from "../../ui/failure";
import { Notice } from "../../ui/notice";
import { PageHead, Panel } from "../../ui/panel";
import { Time } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { kindName } from "./kinds";
import { transaction } from "./queries";
import { useViews, type View } from "./view";

/** One transaction, and giving it back. */
export function TransactionPage() {
  const { id = "" } = useParams();
  const { data, error, refetch } = useQuery(transaction(id));
  const [view] = useViews(data ? [data] : []);
  return (
    <div className="mx-auto max-w-lg">
      <PageHead title="Transaction" />
      <Failure error={error} retry={() => void refetch()} />
      {!view && !error && <Waiting />}
      {view && <Shown view={view} />}
    </div>
  );
}

function Shown({ view }: { view: View }) {
  const { transaction: one, direction, amount, name, person } = view;
  const [refunding, setRefunding] = useState(false);
  const refunded = one.refunded === undefined ? 0 : paise(one.refunded);
  const left = amount - refunded;
  return (
    <Panel>
      <p className="text-center text-muted">{direction === "in" ? `From ${name}` : `To ${name}`}</p>
      <p className="mb-4 text-center text-4xl font-bold">
        <Amount paise={amount} direction={direction === "within" ? undefined : direction} />
      </p>
      {one.status === "declined" && (
        <div className="mb-4">
          <Notice kind="bad" title="Declined">
            No money has moved: {one.reason?.replaceAll("_", " ")}.
          </Notice>
        </div>
      )}
      <Details
        rows={[
          ["Kind", kindName(one.kind)],
          ["When", <Time key="when" at={one.createdAt} />],
          ...(one.note ? [["Note", one.note] as const] : []),
          ...(refunded > 0 ? [["Given back", format(refunded)] as const] : []),
          ...(one.order
            ? [
                [
                  "Order",
                  <Link key="order" className="text-accent underline" to={`/orders/${one.order}`}>
                    Show it
                  </Link>,
                ] as const,
              ]
            : []),
          [
            "Number",
            <span key="number" className="font-mono text-sm">
              {one.id}
            </span>,
          ],
        ]}
      />
      <div className="mt-4 grid gap-2 sm:grid-cols-2">
        {person && direction === "out" && (
          <ButtonLink
            look="secondary"
            to={`/send?to=${person.id}&amount=${toRupees(amount)}&note=${encodeURIComponent(one.note ?? "")}`}
          >
            Pay again
          </ButtonLink>
        )}
        {person && (
          <ButtonLink look="secondary" to={`/chat/${person.id}`}>
            Write to {name.split(" ")[0]}
          </ButtonLink>
        )}
        {direction === "in" && one.kind === "transfer" && left > 0 && (
          <Button look="secondary" onClick={() => setRefunding(true)}>
            Give back
          </Button>
        )}
      </div>
      {refunding && (
        <GivingBack
          title="Give back"
          action={`Give back to ${name}`}
          to={name}
          most={left}
          kind="history"
          path={`/api/v1/transaction/${one.id}/refund`}
          onClose={() => setRefunding(false)}
        />
      )}
    </Panel>
  );
}
