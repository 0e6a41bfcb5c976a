import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "react-router";
import { useIntent } from "../../intent/use-intent";
import { Progress } from "../../intent/progress";
import { isOpen } from "../../intent/store";
import { format, type Paise, paise, toRupees, typed } from "../../money/money";
import { Avatar } from "../../ui/avatar";
import { Button, ButtonLink } from "../../ui/button";
import { AmountField, Field } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { PageHead, Panel } from "../../ui/panel";
import { Waiting } from "../../ui/waiting";
import { accounts } from "../account/queries";
import { useMe } from "../identity/session";
import { PeopleSearch } from "../user/people-search";
import { usePeople } from "../user/queries";
import { Confirmation } from "./confirmation";

interface Draft {
  amount: Paise;
  note: string;
}

/** Sends money to somebody: choose whom, say how much, look at it once more, and see what became of it. */
export function SendPage() {
  const to = useSearchParams()[0].get("to");
  return (
    <div className="mx-auto max-w-lg">
      <PageHead title="Send money" />
      <Panel>
        <Sending key={to} to={to} />
      </Panel>
    </div>
  );
}

function Sending({ to }: { to: string | null }) {
  const setSearch = useSearchParams()[1];
  const intent = useIntent("send");
  const { state } = intent;
  const [draft, setDraft] = useState<Draft | null>(null);
  if (state?.status === "done") {
    const again = () => {
      setSearch({});
      intent.dismiss();
    };
    return <Sent title={state.intent.title} onDone={intent.dismiss} onAgain={again} />;
  }
  // An earlier page began it.
  if (state && isOpen(state) && !draft) return <Progress state={state} />;
  if (to) return <ToSomebody id={to} draft={draft} setDraft={setDraft} />;
  return (
    <div className="grid gap-4">
      <Progress state={state} />
      <PeopleSearch to={(person) => `/send?to=${person.id}`} label="Whom do you want to pay?" />
    </div>
  );
}

interface ToSomebodyProps {
  id: string;
  draft: Draft | null;
  setDraft: (draft: Draft | null) => void;
}

function ToSomebody({ id, draft, setDraft }: ToSomebodyProps) {
  const me = useMe();
  const person = usePeople([id]).get(id);
  const [search] = useSearchParams();
  const intent = useIntent("send");
  if (id === me.id) return <Notice kind="warn">That is you. Choose somebody else.</Notice>;
  if (!person) return <Waiting />;
  const name = person.name ?? "";
  function confirm({ amount, note }: Draft) {
    intent.begin({
      title: `${format(amount)} to ${name}`,
      path: "/api/v1/account/transfer",
      body: { to: id, amount: toRupees(amount), ...(note && { note }) },
    });
  }
  return (
    <>
      <div className="mb-5 flex items-center gap-3">
        <Avatar name={name} picture={person.picture} className="size-12" />
        <p className="min-w-0 flex-1 truncate text-lg font-semibold">{name}</p>
        {!draft && (
          <ButtonLink look="quiet" to="/send">
            Change
          </ButtonLink>
        )}
      </div>
      {draft ? (
        <Confirmation
          rows={[
            ["To", name],
            ["Amount", format(draft.amount)],
            ...(draft.note ? [["Note", draft.note] as const] : []),
          ]}
          action={`Pay ${format(draft.amount)}`}
          intent={intent}
          onBack={() => {
            intent.dismiss();
            setDraft(null);
          }}
          onConfirm={() => confirm(draft)}
        />
      ) : (
        <Form amount={search.get("amount") ?? ""} note={search.get("note") ?? ""} onDraft={setDraft} />
      )}
    </>
  );
}

function Form({ amount, note, onDraft }: { amount: string; note: string; onDraft: (draft: Draft) => void }) {
  const { data } = useQuery(accounts);
  const primary = data?.find((account) => account.isPrimary);
  const available = primary && paise(primary.available);
  const [error, setError] = useState<string>();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const wanted = typed(String(form.get("amount")));
    if (!wanted) return setError("Type an amount of at least ₹0.01, as in 250 or 99.50.");
    if (available !== undefined && wanted > available) return setError(`You have ${format(available)} to spend.`);
    onDraft({ amount: wanted, note: String(form.get("note")).trim() });
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <AmountField
        label="Amount"
        name="amount"
        required
        defaultValue={amount}
        error={error}
        hint={available !== undefined && `You have ${format(available)}`}
      />
      <Field label="Note (optional)" name="note" maxLength={200} defaultValue={note} placeholder="What is it for?" />
      <Button type="submit">Continue</Button>
    </form>
  );
}

function Sent({ title, onAgain, onDone }: { title: string; onAgain: () => void; onDone: () => void }) {
  return (
    <div className="grid justify-items-center gap-2 py-4 text-center">
      <CircleCheck aria-hidden className="size-14 text-good" />
      <p role="status" className="text-xl font-bold">
        Sent: {title}
      </p>
      <p className="text-muted">It has arrived already.</p>
      <div className="mt-3 flex flex-wrap justify-center gap-2">
        <Button look="secondary" onClick={onAgain}>
          Send more
        </Button>
        <ButtonLink to="/" onClick={onDone}>
          Done
        </ButtonLink>
      </div>
    </div>
  );
}
