import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { answer, api } from "../../api/client";
import { moneyMoved } from "../../app/cache";
import { format, type Paise, toRupees, typed } from "../../money/money";
import { Avatar } from "../../ui/avatar";
import { Button, ButtonLink } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { AmountField, Field } from "../../ui/field";
import { read } from "../../ui/form";
import { PageHead, Panel } from "../../ui/panel";
import { toast } from "../../ui/toast";
import { Waiting } from "../../ui/waiting";
import { PeopleSearch } from "../user/people-search";
import { usePeople } from "../user/queries";

/** Asks somebody for money. */
export function NewRequestPage() {
  const from = useSearchParams()[0].get("from");
  return (
    <div className="mx-auto max-w-lg">
      <PageHead title="Ask for money" />
      <Panel>
        {from ? (
          <Form from={from} />
        ) : (
          <PeopleSearch to={(person) => `/requests/new?from=${person.id}`} label="Whom do you want to ask?" />
        )}
      </Panel>
    </div>
  );
}

function Form({ from }: { from: string }) {
  const person = usePeople([from]).get(from);
  const navigate = useNavigate();
  const [error, setError] = useState<string>();
  const asking = useMutation({
    mutationFn: ({ amount, note }: { amount: Paise; note: string }) =>
      answer(
        api.POST("/api/v1/transaction/request", {
          body: { from, amount: toRupees(amount), note: note || null },
        }),
      ),
    onSuccess: (_, { amount }) => {
      moneyMoved();
      toast(`Asked ${person?.name ?? ""} for ${format(amount)}`);
      void navigate("/requests/made");
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    const field = read(event);
    const amount = typed(field("amount"));
    if (!amount) return setError("Type an amount of at least ₹0.01, as in 250 or 99.50.");
    asking.mutate({ amount, note: field("note") });
  }
  if (!person) return <Waiting />;
  return (
    <form onSubmit={submit} className="grid gap-4">
      <div className="flex items-center gap-3">
        <Avatar name={person.name ?? ""} picture={person.picture} className="size-12" />
        <p className="min-w-0 flex-1 truncate text-lg font-semibold">{person.name}</p>
        <ButtonLink look="quiet" to="/requests/new">
          Change
        </ButtonLink>
      </div>
      <AmountField label="Amount" name="amount" required error={error} />
      <Field label="Note (optional)" name="note" maxLength={200} placeholder="What is it for?" />
      <Failure error={asking.error} />
      <Button type="submit" busy={asking.isPending}>
        Ask for it
      </Button>
    </form>
  );
}
