import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Download, FileText } from "lucide-react";
import { useParams, useSearchParams } from "react-router";
import { answer, api, file, type Schemas } from "../../api/client";
import { format, paise, type Rupees } from "../../money/money";
import { Button } from "../../ui/button";
import { download } from "../../ui/download";
import { Failure } from "../../ui/failure";
import { Field } from "../../ui/field";
import { LoadMore } from "../../ui/load-more";
import { Empty, PageHead, Panel } from "../../ui/panel";
import { Time, today } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { kindName } from "../transaction/kinds";
import { accounts } from "./queries";

/** What an account held and what moved in it between two days. */
export function StatementPage() {
  const { id = "" } = useParams();
  const [search, setSearch] = useSearchParams();
  const from = search.get("from") ?? `${today().slice(0, 7)}-01`;
  const to = search.get("to") ?? today();
  const account = useQuery(accounts).data?.find((one) => one.id === id);
  const pages = useInfiniteQuery({
    queryKey: ["statement", id, from, to],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET("/api/v1/account/{account_id}/statement", {
          params: { path: { account_id: id }, query: { from, to, cursor, limit: 50 } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const saving = useMutation({
    mutationFn: async (form: "csv" | "pdf") => {
      const path = `/api/v1/account/${id}/statement?format=${form}&from=${from}&to=${to}`;
      download(await file(path), `statement-${from}-${to}.${form}`);
    },
  });
  const first = pages.data?.pages[0];
  const lines = pages.data?.pages.flatMap((page) => page.lines);
  const change = (name: string) => (event: { target: { value: string } }) =>
    setSearch({ from, to, [name]: event.target.value }, { replace: true });
  return (
    <div className="mx-auto max-w-5xl">
      <PageHead title="Statement" lead={account?.name}>
        {(["csv", "pdf"] as const).map((form) => (
          <Button
            key={form}
            look="secondary"
            busy={saving.isPending && saving.variables === form}
            onClick={() => saving.mutate(form)}
          >
            <Download aria-hidden className="size-5" /> {form.toUpperCase()}
          </Button>
        ))}
      </PageHead>
      <Failure error={saving.error} />
      <div className="mb-4 grid max-w-md grid-cols-2 gap-3">
        <Field label="From" type="date" value={from} max={to} onChange={change("from")} />
        <Field label="To, included" type="date" value={to} max={today()} onChange={change("to")} />
      </div>
      <Failure error={pages.error} retry={() => void pages.refetch()} />
      {pages.isPending && <Waiting rows={6} />}
      {first && (
        <div className="mb-4 grid gap-4 sm:grid-cols-2">
          <Sum name="Opening balance" amount={first.openingBalance} />
          <Sum name="Closing balance" amount={first.closingBalance} />
        </div>
      )}
      {lines && (
        <Panel>
          {lines.length === 0 ? (
            <Empty icon={<FileText className="size-6" />} title="Nothing moved in these days" />
          ) : (
            <Table lines={lines} />
          )}
          <LoadMore pages={pages} />
        </Panel>
      )}
    </div>
  );
}

function Sum({ name, amount }: { name: string; amount: Rupees }) {
  return (
    <Panel>
      <p className="text-sm text-muted">{name}</p>
      <p className="text-2xl font-bold tabular-nums">{format(paise(amount))}</p>
    </Panel>
  );
}

function Table({ lines }: { lines: Schemas["StatementLine"][] }) {
  const money = (amount: Rupees | null) => (amount === null ? "" : format(paise(amount)));
  return (
    // It may be wider than a phone, and is then moved by keys as well.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="overflow-x-auto" role="region" aria-label="Statement" tabIndex={0}>
      <table className="w-full text-left text-sm">
        <thead className="text-muted">
          <tr className="border-b border-line">
            <th className="py-2 pr-4 font-medium">When</th>
            <th className="py-2 pr-4 font-medium">What</th>
            <th className="py-2 pr-4 text-right font-medium">Out</th>
            <th className="py-2 pr-4 text-right font-medium">In</th>
            <th className="py-2 text-right font-medium">Balance</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line tabular-nums">
          {lines.map((line) => (
            <tr key={line.id}>
              <td className="py-2.5 pr-4 whitespace-nowrap text-muted">
                <Time at={line.createdAt} />
              </td>
              <td className="max-w-64 min-w-40 py-2.5 pr-4">
                <p className="truncate font-medium">{line.counterparty.name ?? kindName(line.kind)}</p>
                {line.note && <p className="truncate text-muted">{line.note}</p>}
              </td>
              <td className="py-2.5 pr-4 text-right">{money(line.debit)}</td>
              <td className="py-2.5 pr-4 text-right text-good">{money(line.credit)}</td>
              <td className="py-2.5 text-right font-medium">{money(line.balance)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
