import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { History, SlidersHorizontal } from "lucide-react";
import { lazy, Suspense } from "react";
import { Link, useSearchParams } from "react-router";
import { toRupees, typed } from "../../money/money";
import { Amount } from "../../ui/amount";
import { Avatar } from "../../ui/avatar";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { AmountField, Field, Select } from "../../ui/field";
import { LoadMore } from "../../ui/load-more";
import { Empty, PageHead, Panel } from "../../ui/panel";
import { Time } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { accounts } from "../account/queries";
import { daily } from "./daily";
import { KINDS, kindName } from "./kinds";
import { type Filter, transactions } from "./queries";
import { useViews, type View } from "./view";

const InOutChart = lazy(() => import("../../ui/in-out-chart"));
const NAMES = ["account", "kind", "status", "from", "to", "min", "max"] as const;

/** All that moved, with filters that stand in the address. */
export function HistoryPage() {
  const [search] = useSearchParams();
  const pages = useInfiniteQuery(transactions(filter(search)));
  const found = useViews(pages.data?.pages.flatMap((page) => page.transactions) ?? []);
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead title="History" />
      <Filters />
      {found.length > 1 && (
        <Panel title="In and out, by day" className="mb-4">
          <Suspense fallback={<div className="h-56" />}>
            <InOutChart spans={daily(found)} />
          </Suspense>
        </Panel>
      )}
      <Panel>
        <Failure error={pages.error} retry={() => void pages.refetch()} />
        {pages.isPending && <Waiting rows={6} />}
        {pages.isSuccess && found.length === 0 && (
          <Empty icon={<History className="size-6" />} title="Nothing to show">
            Nothing moved that is so.
          </Empty>
        )}
        <ul className="divide-y divide-line">
          {found.map((view) => (
            <Row key={view.transaction.id} view={view} />
          ))}
        </ul>
        <LoadMore pages={pages} />
      </Panel>
    </div>
  );
}

function Row({ view: { transaction, direction, amount, name, person } }: { view: View }) {
  return (
    <li className="relative flex items-center gap-3 rounded-xl py-2.5 hover:bg-raised">
      <Avatar name={name} picture={person?.picture} />
      <div className="min-w-0 flex-1">
        <Link to={`/history/${transaction.id}`} className="stretched block truncate font-medium">
          {name}
        </Link>
        <p className="truncate text-sm text-muted">
          <Time at={transaction.createdAt} /> · {transaction.note ?? kindName(transaction.kind)}
        </p>
      </div>
      <div className="text-right">
        <Amount paise={amount} direction={direction === "within" ? undefined : direction} className="font-semibold" />
        {transaction.status === "declined" && (
          <p>
            <Badge tone="bad">Declined</Badge>
          </p>
        )}
      </div>
    </li>
  );
}

function Filters() {
  const [search, setSearch] = useSearchParams();
  const { data: mine = [] } = useQuery(accounts);
  const value = (name: string) => search.get(name) ?? "";
  const used = NAMES.filter((name) => search.get(name)).length;
  function change(name: string, to: string) {
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (to) next.set(name, to);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  }
  const bound = (name: string) => ({
    value: value(name),
    onChange: (event: { target: { value: string } }) => change(name, event.target.value),
  });
  return (
    <details className="mb-4 rounded-2xl border border-line bg-surface" open={used > 0}>
      <summary className="flex min-h-12 items-center gap-2 px-4 font-medium">
        <SlidersHorizontal aria-hidden className="size-5 text-muted" /> Filters
        {used > 0 && <Badge>{used}</Badge>}
      </summary>
      <div className="grid gap-3 px-4 pb-4 sm:grid-cols-2 lg:grid-cols-4">
        <Select label="Account" {...bound("account")}>
          <option value="">All of them</option>
          {mine.map((account) => (
            <option key={account.id} value={account.id}>
              {account.name}
            </option>
          ))}
        </Select>
        <Select label="Kind" {...bound("kind")}>
          <option value="">All kinds</option>
          {Object.entries(KINDS).map(([kind, name]) => (
            <option key={kind} value={kind}>
              {name}
            </option>
          ))}
        </Select>
        <Field label="From" type="date" {...bound("from")} />
        <Field label="To" type="date" {...bound("to")} />
        <AmountField label="At least" {...bound("min")} />
        <AmountField label="At most" {...bound("max")} />
        <Select label="Outcome" {...bound("status")}>
          <option value="">Completed</option>
          <option value="declined">Declined</option>
        </Select>
        {used > 0 && (
          <Button look="secondary" className="self-end" onClick={() => setSearch({}, { replace: true })}>
            Show everything
          </Button>
        )}
      </div>
    </details>
  );
}

/** What the API is asked for; days are India's, and the last one belongs to it as a whole. */
function filter(search: URLSearchParams): Filter {
  const text = (name: string) => search.get(name) || undefined;
  const amount = (name: string) => {
    const read = typed(search.get(name) ?? "");
    return read === null ? undefined : toRupees(read);
  };
  const start = (day: string, plus = 0) => {
    const instant = Date.parse(`${day}T00:00:00+05:30`);
    return Number.isNaN(instant) ? undefined : new Date(instant + plus * 24 * 60 * 60 * 1000).toISOString();
  };
  return {
    account: text("account"),
    kind: text("kind"),
    status: search.get("status") === "declined" ? "declined" : undefined,
    from: start(search.get("from") ?? ""),
    to: start(search.get("to") ?? "", 1),
    min: amount("min"),
    max: amount("max"),
  };
}
