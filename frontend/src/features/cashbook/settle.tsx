import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { Progress } from "../../intent/progress";
import { isOpen } from "../../intent/store";
import { useIntent } from "../../intent/use-intent";
import { format, paise } from "../../money/money";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field, Select } from "../../ui/field";
import { read } from "../../ui/form";
import { Notice } from "../../ui/notice";
import { toast } from "../../ui/toast";
import { Waiting } from "../../ui/waiting";
import { useMe } from "../identity/session";
import { fullName, search } from "../user/queries";
import { bookChanged, type Entry } from "./queries";

/** Settles a record with somebody who has a wallet: asks for what was given, or sends what was got. */
export function Settle({ record, onClose }: { record: Entry; onClose: () => void }) {
  const intent = useIntent("cash-book:settle");
  const me = useMe();
  const isDebit = record.transactionType === "debit";
  const amount = format(paise(record.transactionAmount));
  const [name, setName] = useState(record.fullName ?? "");
  const { data } = useQuery({ ...search(name.trim(), 20), enabled: name.trim() !== "" });
  const people = data?.filter((person) => person.id !== me.id);
  const { state, dismiss } = intent;
  useEffect(() => {
    if (state?.status !== "done") return;
    toast(isDebit ? `Asked for ${amount}` : `Sent ${amount}`);
    dismiss();
    bookChanged();
    onClose();
  });
  function close() {
    dismiss();
    onClose();
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    const field = read(event);
    const note = field("note");
    intent.begin({
      title: `settling ${amount} with ${record.fullName ?? "somebody"}`,
      path: `/api/v1/cashbook/${record.id}/settle`,
      body: { with: field("with"), ...(note && { note }) },
    });
  }
  return (
    <Dialog title={isDebit ? `Ask for ${amount}` : `Send ${amount}`} onClose={close}>
      <form className="grid gap-4" onSubmit={submit}>
        <Field label="Find them by name" value={name} onChange={(event) => setName(event.target.value)} />
        {people ? (
          people.length > 0 ? (
            <Select label="Who is it?" name="with">
              {people.map((person) => (
                <option key={person.id} value={person.id}>
                  {fullName(person)}
                </option>
              ))}
            </Select>
          ) : (
            <Notice kind="warn">Nobody with this name has a wallet.</Notice>
          )
        ) : (
          name.trim() && <Waiting rows={1} />
        )}
        <Field label="Note for them (optional)" name="note" maxLength={200} />
        <Progress state={state} />
        <Button type="submit" disabled={!people?.length} busy={state && isOpen(state)}>
          {isDebit ? `Ask for ${amount}` : `Send ${amount}`}
        </Button>
      </form>
    </Dialog>
  );
}
