import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { useSearchParams } from "react-router";
import { fetched } from "../../app/fetched";
import { answer, api, type Schemas } from "../../api/client";
import { format, paise, type Rupees } from "../../money/money";
import { Amount } from "../../ui/amount";
import { Avatar } from "../../ui/avatar";
import { Failure } from "../../ui/failure";
import { Field, Select } from "../../ui/field";
import { Empty, PageHead, Panel } from "../../ui/panel";
import { dayName, daysAgo, today } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { ChartColumn } from "lucide-react";
import { kindName } from "../transaction/kinds";
import { spans } from "./spans";

const InOutChart = lazy(() => fetched(() => import("../../ui/in-out-chart")));

type Report = Schemas["Report"];
const SOURCES = { wallet: "Wallet", cashbook: "Cash book", all: "Both" };
type Source = keyof typeof SOURCES;

/** What came in and went out in some days, and with whom. */
export function InsightsPage() {
  const [search, setSearch] = useSearchParams();
  const source = (search.get("source") ?? "wallet") as Source;
  const from = search.get("from") ?? daysAgo(29);
  const to = search.get("to") ?? today();
  const { data, error, refetch } = useQuery({
    queryKey: ["analytics", source, from, to],
    queryFn: () => answer(api.GET("/api/v1/analytics", { params: { query: { source, from, to } } })),
    placeholderData: keepPreviousData,
  });
  const change = (name: string) => (event: { target: { value: string } }) =>
    setSearch({ source, from, to, [name]: event.target.value }, { replace: true });
  return (
    <>
      <PageHead title="Insights" />
      <div className="mb-4 grid grid-cols-2 gap-3 sm:max-w-xl sm:grid-cols-3">
        <Select label="Of" className="col-span-2 sm:col-span-1" value={source} onChange={change("source")}>
          {Object.entries(SOURCES).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Select>
        <Field label="From" type="date" value={from} max={to} onChange={change("from")} />
        <Field label="To, included" type="date" value={to} max={today()} onChange={change("to")} />
      </div>
      <Failure error={error} retry={() => void refetch()} />
      {!data && !error && <Waiting rows={6} />}
      {data && <Shown report={data} />}
    </>
  );
}

function Shown({ report }: { report: Report }) {
  const [got, gave] = [paise(report.totalCredit), paise(report.totalDebit)];
  if (report.totalTransactions === 0) {
    return (
      <Panel>
        <Empty icon={<ChartColumn className="size-6" />} title="Nothing moved in these days" />
      </Panel>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      <ul className="grid grid-cols-2 gap-4 lg:grid-cols-4">
        <Sum name="In" value={format(got)} change={report.change.totalCredit} />
        <Sum name="Out" value={format(gave)} change={report.change.totalDebit} />
        <Sum name="In less out" value={format(got - gave)} />
        <Sum name={`Average of ${report.totalTransactions}`} value={format(paise(report.averageTransactionValue))} />
      </ul>
      <Panel title="In and out">
        <Suspense fallback={<div className="h-56" />}>
          <InOutChart spans={spans(report)} />
        </Suspense>
        {report.busiestDay && (
          <p className="mt-2 text-sm text-muted">
            Busiest day: {dayName(`${report.busiestDay}T12:00:00+05:30`)}.
            {paise(report.ownTransfers) > 0 &&
              ` Between your own accounts moved ${format(paise(report.ownTransfers))}, which is counted nowhere here.`}
          </p>
        )}
      </Panel>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Panel title="With whom">
          <List>
            {report.people.map((person) => (
              <Turnover
                key={`${person.source}-${person.id ?? ""}-${person.name ?? ""}`}
                name={person.name ?? "Others"}
                sums={person}
              />
            ))}
          </List>
        </Panel>
        <div className="grid grid-cols-1 gap-4">
          <Panel title="By kind">
            <List>
              {report.kinds.map((kind) => (
                <Turnover key={kind.kind} name={kindName(kind.kind)} sums={kind} />
              ))}
            </List>
          </Panel>
          <Panel title="The biggest">
            <List>
              {report.biggest.map((one) => (
                <li key={one.id} className="flex items-center justify-between gap-3 py-2.5">
                  <div className="min-w-0">
                    <p className="truncate font-medium">{one.counterparty.name ?? kindName(one.kind)}</p>
                    <p className="text-sm text-muted">{dayName(`${one.date}T12:00:00+05:30`)}</p>
                  </div>
                  <Amount paise={paise(one.amount)} direction={one.direction} className="font-semibold" />
                </li>
              ))}
            </List>
          </Panel>
        </div>
      </div>
    </div>
  );
}

function List({ children }: { children: ReactNode }) {
  return <ul className="divide-y divide-line">{children}</ul>;
}

function Sum({ name, value, change }: { name: string; value: string; change?: Rupees }) {
  const more = change === undefined ? 0 : paise(change);
  return (
    <li className="rounded-2xl border border-line bg-surface p-4">
      <p className="text-sm text-muted">{name}</p>
      <p className="truncate text-xl font-bold tabular-nums sm:text-2xl">{value}</p>
      {more !== 0 && (
        <p className="text-sm text-muted">
          {format(Math.abs(more))} {more > 0 ? "more" : "less"} than before
        </p>
      )}
    </li>
  );
}

function Turnover({
  name,
  sums,
}: {
  name: string;
  sums: Pick<Schemas["KindTurnover"], "credit" | "debit" | "transactions">;
}) {
  const [got, gave] = [paise(sums.credit), paise(sums.debit)];
  return (
    <li className="flex items-center gap-3 py-2.5">
      <Avatar name={name} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className="text-sm text-muted">{sums.transactions === 1 ? "once" : `${sums.transactions} times`}</p>
      </div>
      <p className="grid justify-items-end font-semibold">
        {got > 0 && <Amount paise={got} direction="in" />}
        {gave > 0 && <Amount paise={gave} direction="out" />}
      </p>
    </li>
  );
}
