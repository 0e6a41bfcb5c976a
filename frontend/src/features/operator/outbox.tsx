import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { useSearchParams } from "react-router";
import { answer, api } from "../../api/client";
import { cache } from "../../app/cache";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Select } from "../../ui/field";
import { LoadMore } from "../../ui/load-more";
import { Empty, Panel } from "../../ui/panel";
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import { Waiting } from "../../ui/waiting";
import { OperatorFrame } from "./frame";
import { outbox, type OutboxRow, type State } from "./queries";

const STATES: Record<State, string> = {
  dead: "Given up",
  unclear: "Nobody knows what to say",
  due: "Waiting",
  sent: "Got through",
};
const CHANNELS = { email: "by e-mail", webhook: "by webhook", card: "to a card" };

/** What has to be told to somebody, and what of it failed. */
export function OutboxPage() {
  const [search, setSearch] = useSearchParams();
  const wanted = search.get("state") ?? "";
  const state = wanted in STATES ? (wanted as State) : "dead";
  return (
    <OperatorFrame>
      <Select
        label="Show"
        className="mb-4 w-64"
        value={state}
        onChange={(event) => setSearch({ state: event.target.value })}
      >
        {Object.entries(STATES).map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </Select>
      <Panel>
        <Rows state={state} />
      </Panel>
    </OperatorFrame>
  );
}

function Rows({ state }: { state: State }) {
  const pages = useInfiniteQuery(outbox(state));
  const found = pages.data?.pages.flatMap((page) => page.outbox);
  const retrying = useMutation({
    mutationFn: (id: string) => answer(api.POST("/api/v1/outbox/{row_id}/retry", { params: { path: { row_id: id } } })),
    onSuccess: () => toast("It will be tried again"),
    onSettled: () => cache.invalidateQueries({ queryKey: ["outbox"] }),
  });
  return (
    <>
      <Failure error={pages.error} retry={() => void pages.refetch()} />
      <Failure error={retrying.error} />
      {pages.isPending && <Waiting rows={4} />}
      {found?.length === 0 && <Empty icon={<MailCheck className="size-6" />} title="There is nothing here" />}
      <ul className="divide-y divide-line">
        {found?.map((row) => (
          <li key={row.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-3">
            <div className="min-w-0 flex-1 basis-60">
              <p className="font-medium">
                {row.kind} {row.channel && CHANNELS[row.channel]}
              </p>
              <p className="text-sm text-muted">
                <When row={row} />
                {row.attempts !== undefined && ` · ${row.attempts} ${row.attempts === 1 ? "attempt" : "attempts"}`}
              </p>
              {row.reason && <p className="text-sm break-words text-bad">{row.reason}</p>}
              <p className="font-mono text-xs break-all text-muted">{row.id}</p>
            </div>
            {(state === "dead" || state === "unclear") && (
              <Button
                look="secondary"
                busy={retrying.isPending && retrying.variables === row.id}
                onClick={() => retrying.mutate(row.id)}
              >
                Try again<span className="sr-only"> {row.kind}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      <LoadMore pages={pages} />
    </>
  );
}

function When({ row }: { row: OutboxRow }) {
  if (row.sentAt) {
    return (
      <>
        Sent <Time at={row.sentAt} />
      </>
    );
  }
  if (row.state === "due" && row.dueAt) {
    return (
      <>
        Next attempt <Time at={row.dueAt} />
      </>
    );
  }
  return <Time at={row.createdAt} />;
}
