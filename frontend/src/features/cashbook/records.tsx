import { useInfiniteQuery } from "@tanstack/react-query";
import { BookOpen, Plus } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { toast } from "../../ui/toast";
import { answer, api } from "../../api/client";
import { format, paise } from "../../money/money";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { classes } from "../../ui/classes";
import { Failure } from "../../ui/failure";
import { Select } from "../../ui/field";
import { LoadMore } from "../../ui/load-more";
import { Empty, Panel } from "../../ui/panel";
import { dayName } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { RequestStatus } from "../transaction/request-status";
import { BookFrame } from "./frame";
import { bookChanged, type Entry, type Filter, records } from "./queries";
import { RecordDialog } from "./record-dialog";
import { Settle } from "./settle";

type Doing = { what: "add" } | { what: "change" | "settle"; record: Entry };

/** What was noted down, newest first. */
export function CashBookPage() {
  const [search, setSearch] = useSearchParams();
  const name = search.get("name") ?? undefined;
  const type = (search.get("type") || undefined) as Filter["type"];
  const pages = useInfiniteQuery(records({ name, type }));
  const found = pages.data?.pages.flatMap((page) => page.records);
  const [doing, setDoing] = useState<Doing | null>(null);
  const stop = () => setDoing(null);
  return (
    <BookFrame>
      <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
        <Select
          label="Show"
          className="w-44"
          value={type ?? ""}
          onChange={(event) =>
            setSearch({ ...(name && { name }), ...(event.target.value && { type: event.target.value }) })
          }
        >
          <option value="">Everything</option>
          <option value="debit">What I gave</option>
          <option value="credit">What I got</option>
        </Select>
        <Button onClick={() => setDoing({ what: "add" })}>
          <Plus aria-hidden className="size-5" /> Note something down
        </Button>
      </div>
      {name && (
        <p className="mb-3 flex items-center gap-2">
          Only <strong>{name}</strong>
          <Button look="quiet" onClick={() => setSearch({})}>
            Show everybody
          </Button>
        </p>
      )}
      <Panel>
        <Failure error={pages.error} retry={() => void pages.refetch()} />
        {pages.isPending && <Waiting rows={5} />}
        {found?.length === 0 && (
          <Empty icon={<BookOpen className="size-6" />} title="Nothing is noted down yet">
            Cash that you gave somebody, or got, and that is to come back.
          </Empty>
        )}
        <ul className="divide-y divide-line">
          {found?.map((record) => (
            <Row key={record.id} record={record} onDo={setDoing} />
          ))}
        </ul>
        <LoadMore pages={pages} />
      </Panel>
      {doing?.what === "add" && <RecordDialog onClose={stop} />}
      {doing?.what === "change" && <RecordDialog record={doing.record} onClose={stop} onDeleted={restorable} />}
      {doing?.what === "settle" && <Settle record={doing.record} onClose={stop} />}
    </BookFrame>
  );
}

function Row({ record, onDo }: { record: Entry; onDo: (doing: Doing) => void }) {
  const isDebit = record.transactionType === "debit";
  const settled = record.settledBy?.status;
  const isOpen = settled !== "paid" && settled !== "pending";
  return (
    <li className="flex flex-wrap items-center gap-x-3 py-3">
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate font-medium">{record.fullName ?? "Unreadable"}</p>
        <p className="truncate text-sm text-muted">
          {dayName(`${record.transactionDate}T12:00:00+05:30`)} · {isDebit ? "you gave" : "you got"}
          {record.note && ` · ${record.note}`}
        </p>
      </div>
      {settled && (settled === "paid" ? <Badge tone="good">Settled</Badge> : <RequestStatus status={settled} />)}
      <p className={classes("font-semibold tabular-nums", isDebit ? "text-good" : "text-bad")}>
        {format(paise(record.transactionAmount))}
      </p>
      {isOpen && (
        <div className="-mr-2 ml-auto flex">
          <Button look="quiet" onClick={() => onDo({ what: "settle", record })}>
            Settle<span className="sr-only"> with {record.fullName}</span>
          </Button>
          <Button look="quiet" onClick={() => onDo({ what: "change", record })}>
            Change<span className="sr-only"> the record of {record.fullName}</span>
          </Button>
        </div>
      )}
    </li>
  );
}

/** Says that a record is gone, and brings it back if that was a mistake. */
function restorable(record: Entry): void {
  toast("Deleted", { name: "Undo", run: () => void restore(record.id) });
}

async function restore(id: string): Promise<void> {
  try {
    await answer(api.POST("/api/v1/cashbook/{record_id}/restore", { params: { path: { record_id: id } } }));
  } catch {
    toast("It could not be restored");
  }
  bookChanged();
}
