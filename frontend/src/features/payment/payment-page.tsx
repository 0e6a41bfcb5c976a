import { useQuery } from "@tanstack/react-query";
import { Ban, CircleCheck, LoaderCircle } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useParams } from "react-router";
import { answer, api, type Schemas } from "../../api/client";
import { moneyMoved } from "../../app/cache";
import { format, paise } from "../../money/money";
import { ButtonLink } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { PageHead, Panel } from "../../ui/panel";
import { Time } from "../../ui/time";

const PAUSE = 2000;

/** Where Stripe's page leads back to: asks how the payment stands until that is certain. */
export function PaymentPage() {
  const { id = "" } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ["payment", id],
    queryFn: () => answer(api.GET("/api/v1/payment/{payment_id}/status", { params: { path: { payment_id: id } } })),
    refetchInterval: (query) => (query.state.data?.status === "pending" ? PAUSE : false),
  });
  const status = data?.status;
  useEffect(() => {
    if (status === "succeeded") moneyMoved();
  }, [status]);
  return (
    <div className="mx-auto max-w-lg">
      <PageHead title="Payment" />
      <Panel>
        <Failure error={error} retry={() => void refetch()} />
        {data && <Shown payment={data} />}
      </Panel>
    </div>
  );
}

function Shown({ payment }: { payment: Schemas["Status"] }) {
  const amount = format(paise(payment.amount));
  const forward = payment.orderId
    ? { to: `/orders/${payment.orderId}`, text: "Show the order" }
    : { to: "/", text: "To your wallet" };
  if (payment.status === "pending") {
    return (
      <Outcome
        icon={<LoaderCircle aria-hidden className="size-14 animate-spin text-accent" />}
        title={`${amount} is on its way`}
      >
        <p>
          We wait for Stripe to confirm it, which takes some seconds. You may leave this page. It can be paid until{" "}
          <Time at={payment.expiresAt} />.
        </p>
        {payment.paymentUrl && (
          <a href={payment.paymentUrl} className="font-semibold text-accent underline">
            Back to Stripe's page
          </a>
        )}
      </Outcome>
    );
  }
  if (payment.status === "succeeded") {
    return (
      <Outcome icon={<CircleCheck aria-hidden className="size-14 text-good" />} title={`${amount} has arrived`}>
        <p>{payment.kind === "topup" ? "It is in your account already." : "The order is paid."}</p>
        <ButtonLink to={forward.to}>{forward.text}</ButtonLink>
      </Outcome>
    );
  }
  return (
    <Outcome
      icon={<Ban aria-hidden className="size-14 text-muted" />}
      title={payment.status === "expired" ? "This took too long" : "Not paid"}
    >
      <p>
        {payment.refunded
          ? `${format(paise(payment.refunded))} goes back to the card.`
          : "No money was taken from the card."}
      </p>
      <ButtonLink look="secondary" to={forward.to}>
        {forward.text}
      </ButtonLink>
    </Outcome>
  );
}

function Outcome({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-3 py-4 text-center" role="status">
      {icon}
      <p className="text-xl font-bold">{title}</p>
      <div className="grid justify-items-center gap-3 text-muted">{children}</div>
    </div>
  );
}
