import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Schemas, upload } from "../../api/client";
import { newKey } from "../../intent/key";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { Field } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { toast } from "../../ui/toast";
import { bookChanged } from "./queries";

interface Table {
  text: string;
  /** One for all tries, so that its lines are added once. */
  key: string;
}

function take({ text, key }: Table, dryRun: boolean) {
  const path = `/api/v1/cashbook/import?mode=valid-lines&dryRun=${dryRun}`;
  const headers = { "Content-Type": "text/csv", ...(!dryRun && { "Idempotency-Key": key }) };
  return upload<Schemas["Imported"]>(path, text, headers);
}

/** Adds the lines of a table, after a look at which of them are sound. */
export function Import({ onClose }: { onClose: () => void }) {
  const [table, setTable] = useState<Table | null>(null);
  const trying = useMutation({
    mutationFn: async (file: File) => {
      const chosen = { text: await file.text(), key: newKey() };
      setTable(chosen);
      return take(chosen, true);
    },
  });
  const taking = useMutation({
    mutationFn: (chosen: Table) => take(chosen, false),
    onSuccess: ({ taken }) => {
      bookChanged();
      toast(taken === 1 ? "1 record added" : `${taken} records added`);
      onClose();
    },
  });
  const report = trying.data;
  return (
    <Dialog title="Import a table" onClose={onClose}>
      <div className="grid gap-4">
        <Field
          label="CSV file"
          type="file"
          accept=".csv,text/csv"
          hint="With the columns Date, Name, Type and Amount, and maybe Note; 2 MB and 10,000 lines at most."
          onChange={(event) => event.target.files?.[0] && trying.mutate(event.target.files[0])}
        />
        <Failure error={trying.error ?? taking.error} />
        {report && <Report report={report} />}
        {table && report && report.taken > 0 && (
          <Button busy={taking.isPending} onClick={() => taking.mutate(table)}>
            Add {report.taken} {report.taken === 1 ? "record" : "records"}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

const SHOWN = 20;

function Report({ report }: { report: Schemas["Imported"] }) {
  if (report.refused.length === 0) return <Notice kind="good">All {report.lines} lines are sound.</Notice>;
  return (
    <Notice kind="warn" title={`${report.refused.length} of ${report.lines} lines cannot be added`}>
      <ul className="list-disc pl-5">
        {report.refused.slice(0, SHOWN).map(({ line, errors }) => (
          <li key={line}>
            Line {line}: {Object.values(errors).flat().join(" ")}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
