import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiError } from "../../api/errors";
import { format, paise } from "../../money/money";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Area, Field, Select } from "../../ui/field";
import { read } from "../../ui/form";
import { Notice } from "../../ui/notice";
import { Waiting } from "../../ui/waiting";
import { accounts } from "../account/queries";
import { usePeople } from "../user/queries";
import { readLines } from "./payout-lines";
import { type Plan, tried } from "./payout-plan";

interface Props {
  /** What was looked at before. */
  before: Plan | null;
  /** Called with a payout that would succeed. */
  onPlan: (plan: Plan) => void;
}

/** Takes a table of whom to pay how much, and asks whether that would work. */
export function PayoutForm({ before, onPlan }: Props) {
  const { data: mine, error, refetch } = useQuery(accounts);
  const [text, setText] = useState(before?.text ?? "");
  const [errors, setErrors] = useState<string[]>([]);
  const trying = useMutation({ mutationFn: tried, onSuccess: onPlan });
  function submit(event: FormEvent<HTMLFormElement>) {
    const field = read(event);
    const { lines, errors } = readLines(text);
    const found = lines.length || errors.length ? errors : ["There is no line yet."];
    setErrors(found);
    if (found.length) return trying.reset();
    const total = lines.reduce((sum, line) => sum + line.amount, 0);
    trying.mutate({ source: field("source"), text, lines, total, note: field("note") });
  }
  if (!mine) return error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting rows={5} />;
  return (
    <form className="grid gap-4" onSubmit={submit}>
      <Select label="From" name="source" defaultValue={before?.source}>
        {mine
          .filter((account) => account.status === "active")
          .map((account) => (
            <option key={account.id} value={account.id}>
              {account.name}, {format(paise(account.available))}
            </option>
          ))}
      </Select>
      <Area
        label="Whom to pay"
        rows={8}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        hint="A line for each: account number, amount, and maybe a note, with commas between them. 500 at most; either all are paid, or none."
      />
      <Field
        label="Or take them from a CSV file"
        type="file"
        accept=".csv,text/csv,text/plain"
        onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
      />
      <Field
        label="Note for all (optional)"
        name="note"
        maxLength={200}
        autoComplete="off"
        defaultValue={before?.note}
      />
      <Wrong errors={errors} />
      <Failure error={trying.error} />
      <Blamed error={trying.error} text={text} />
      <Button type="submit" busy={trying.isPending}>
        Look what would happen
      </Button>
    </form>
  );
}

const SHOWN = 20;

function Wrong({ errors }: { errors: string[] }) {
  if (errors.length === 0) return null;
  return (
    <Notice kind="bad" title="This cannot be paid yet">
      <ul className="list-disc pl-5">
        {errors.slice(0, SHOWN).map((error) => (
          <li key={error}>{error}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** Says which line is the reason for a refusal, where one is. */
function Blamed({ error, text }: { error: unknown; text: string }) {
  const account = error instanceof ApiError ? error.body.errors?.account : undefined;
  const id = typeof account === "string" ? account : undefined;
  const person = usePeople([id]).get(id ?? "");
  const line = text.split("\n").findIndex((row) => id && row.includes(id)) + 1;
  if (!id || line === 0) return null;
  return (
    <p className="text-sm">
      The reason is line {line}: {person?.name ?? id}.
    </p>
  );
}
