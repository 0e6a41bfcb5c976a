import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../../api/client";
import { ApiError } from "../../api/errors";
import { cache } from "../../app/cache";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { Field, Switch } from "../../ui/field";
import { read } from "../../ui/form";
import { Notice } from "../../ui/notice";
import { type Event, EVENTS, webhooks } from "./webhook-queries";

const KINDS = Object.entries(EVENTS) as [Event, string][];

/** Registers a webhook, and shows its secret this once. */
export function Registering({ onClose }: { onClose: () => void }) {
  const [isNone, setNone] = useState(false);
  const registering = useMutation({
    mutationFn: (body: { url: string; events: Event[] }) => answer(api.POST("/api/v1/webhook", { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: webhooks.queryKey, exact: true }),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    const field = read(event);
    const events = KINDS.flatMap(([kind]) => (field(kind) ? [kind] : []));
    setNone(events.length === 0);
    if (events.length) registering.mutate({ url: field("url"), events });
  }
  if (registering.data) {
    return (
      <Dialog title="The webhook is registered" onClose={onClose}>
        <div className="grid gap-4">
          <Field
            label="Its secret"
            readOnly
            value={registering.data.secret}
            onFocus={(event) => event.currentTarget.select()}
            hint="What comes to it is signed with this. Keep it now: it is not shown again."
          />
          <Button onClick={onClose}>I have kept it</Button>
        </div>
      </Dialog>
    );
  }
  const wrong = registering.error instanceof ApiError ? registering.error.about("url") : undefined;
  return (
    <Dialog title="Register a webhook" onClose={onClose}>
      <form className="grid gap-4" onSubmit={submit}>
        <Field
          label="Address"
          name="url"
          type="url"
          required
          maxLength={2048}
          placeholder="https://example.com/payments"
          error={wrong}
        />
        <fieldset>
          <legend className="text-sm font-medium">What it is told of</legend>
          {KINDS.map(([kind, name]) => (
            <Switch key={kind} label={name} name={kind} defaultChecked />
          ))}
        </fieldset>
        {isNone && <Notice kind="bad">Choose something that it is told of.</Notice>}
        {!wrong && <Failure error={registering.error} />}
        <Button type="submit" busy={registering.isPending}>
          Register it
        </Button>
      </form>
    </Dialog>
  );
}
