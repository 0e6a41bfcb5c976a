import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../../api/client";
import { ApiError } from "../../api/errors";
import { newKey } from "../../intent/key";
import { paise, toRupees, typed } from "../../money/money";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { AmountField, Area, Field, Select } from "../../ui/field";
import { read } from "../../ui/form";
import { Notice } from "../../ui/notice";
import { today } from "../../ui/time";
import { asRead, bookChanged, type Entry } from "./queries";

interface Form {
  fullName: string;
  transactionDate: string;
  transactionAmount: ReturnType<typeof toRupees>;
  transactionType: "credit" | "debit";
  note: string | null;
}

interface Props {
  record?: Entry;
  onClose: () => void;
  onDeleted?: (record: Entry) => void;
}

/** Notes something down, or changes it if nobody else did meanwhile. */
export function RecordDialog({ record, onClose, onDeleted }: Props) {
  // One for all tries, so that it is noted down once.
  const [idempotencyKey] = useState(newKey);
  const [wrong, setWrong] = useState<string>();
  const done = () => {
    bookChanged();
    onClose();
  };
  const saving = useMutation({
    mutationFn: (form: Form) =>
      record
        ? answer(api.PUT("/api/v1/cashbook/{record_id}", { params: asRead(record), body: form }))
        : answer(api.POST("/api/v1/cashbook", { body: { ...form, idempotencyKey } })),
    onSuccess: done,
  });
  const deleting = useMutation({
    mutationFn: (gone: Entry) => answer(api.DELETE("/api/v1/cashbook/{record_id}", { params: asRead(gone) })),
    onSuccess: (_, gone) => {
      done();
      onDeleted?.(gone);
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    const field = read(event);
    const amount = typed(field("amount"));
    if (!amount) return setWrong("Type an amount, as in 250 or 99.50.");
    setWrong(undefined);
    saving.mutate({
      fullName: field("name"),
      transactionDate: field("date"),
      transactionAmount: toRupees(amount),
      transactionType: field("type") === "credit" ? "credit" : "debit",
      note: field("note") || null,
    });
  }
  const error = saving.error ?? deleting.error;
  return (
    <Dialog title={record ? "Change a record" : "Note something down"} onClose={onClose}>
      <form className="grid gap-4" onSubmit={submit}>
        <Field label="Who" name="name" required maxLength={100} defaultValue={record?.fullName ?? ""} />
        <Select label="What happened" name="type" defaultValue={record?.transactionType}>
          <option value="debit">I gave them money: they owe me</option>
          <option value="credit">I got money from them: I owe them</option>
        </Select>
        <AmountField
          label="Amount"
          name="amount"
          required
          error={wrong}
          defaultValue={record && toRupees(paise(record.transactionAmount))}
        />
        <Field label="Day" name="date" type="date" required defaultValue={record?.transactionDate ?? today()} />
        <Area label="Note (optional)" name="note" maxLength={500} defaultValue={record?.note ?? ""} />
        {error instanceof ApiError && error.code === "precondition_failed" ? (
          <Notice kind="warn" title="It was changed on another device">
            <Button look="secondary" className="mt-2" onClick={done}>
              Show it as it is now
            </Button>
          </Notice>
        ) : (
          <Failure error={error} />
        )}
        <Button type="submit" busy={saving.isPending}>
          {record ? "Save" : "Note it down"}
        </Button>
        {record && (
          <Button look="danger" busy={deleting.isPending} onClick={() => deleting.mutate(record)}>
            Delete
          </Button>
        )}
      </form>
    </Dialog>
  );
}
