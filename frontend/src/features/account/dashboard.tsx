import { useInfiniteQuery } from "@tanstack/react-query";
import { CreditCard, HandCoins, History, Send } from "lucide-react";
import { Link } from "react-router";
import { Avatar } from "../../ui/avatar";
import { ButtonLink } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Empty, Panel } from "../../ui/panel";
import { useTitle } from "../../ui/use-title";
import { Waiting } from "../../ui/waiting";
import { useMe } from "../identity/session";
import { PeopleSearch } from "../user/people-search";
import { usePeople } from "../user/queries";
import { Balance } from "./balance";
import { Line } from "./line";
import { history } from "./queries";
import { PendingRequests } from "../transaction/pending-requests";

const LINES = 6;
const FACES = 5;

/** The first page: what one has, what happened, and whom to pay. */
export function Dashboard() {
  const me = useMe();
  useTitle("");
  return (
    <>
      <h1 className="mb-5 text-2xl font-bold tracking-tight">Hello, {me.firstName}</h1>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[3fr_2fr]">
        <div className="grid grid-cols-1 gap-4">
          <section className="rounded-2xl bg-hero p-5 text-white">
            <Balance />
            <div className="mt-4 flex flex-wrap gap-2">
              <Shortcut to="/send" icon={<Send aria-hidden className="size-5" />} text="Send" />
              <Shortcut to="/requests/new" icon={<HandCoins aria-hidden className="size-5" />} text="Request" />
              <Shortcut to="/top-up" icon={<CreditCard aria-hidden className="size-5" />} text="Add money" />
            </div>
          </section>
          <PendingRequests />
          <Recent />
        </div>
        <Panel title="Send to">
          <PeopleSearch to={(person) => `/send?to=${person.id}`} />
          <Familiar />
        </Panel>
      </div>
    </>
  );
}

function Shortcut({ to, icon, text }: { to: string; icon: React.ReactNode; text: string }) {
  return (
    <Link
      to={to}
      className="inline-flex min-h-11 items-center gap-2 rounded-xl bg-white/15 px-4 font-semibold hover:bg-white/25 focus-visible:outline-white"
    >
      {icon}
      {text}
    </Link>
  );
}

function Recent() {
  const { data, error, refetch } = useInfiniteQuery(history(LINES));
  const lines = data?.pages[0]?.transactions;
  const people = usePeople(lines?.map((line) => line.counterparty.id) ?? []);
  return (
    <Panel
      title="Recent activity"
      aside={
        <ButtonLink look="quiet" to="/history" className="-my-2">
          See all
        </ButtonLink>
      }
    >
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!lines && !error && <Waiting rows={LINES} />}
      {lines?.length === 0 && <Empty icon={<History className="size-6" />} title="Nothing has happened yet" />}
      <ul className="divide-y divide-line">
        {lines?.map((line) => (
          <Line key={line.id} line={line} picture={people.get(line.counterparty.id ?? "")?.picture} />
        ))}
      </ul>
    </Panel>
  );
}

/** Those whom one had to do with last. */
function Familiar() {
  const { data } = useInfiniteQuery(history(LINES));
  const me = useMe();
  const others =
    data?.pages[0]?.transactions.flatMap(({ counterparty: { id } }) => (id && id !== me.id ? id : [])) ?? [];
  const people = usePeople(others);
  const shown = [...new Set(others)].flatMap((id) => people.get(id) ?? []).slice(0, FACES);
  if (shown.length === 0) return null;
  return (
    <div className="mt-4">
      <h3 className="mb-2 text-sm font-medium text-muted">Lately</h3>
      <ul className="flex flex-wrap gap-2">
        {shown.map((person) => (
          <li key={person.id} className="relative grid w-20 justify-items-center gap-1 rounded-xl p-2 hover:bg-raised">
            <Avatar name={person.name ?? ""} picture={person.picture} className="size-12" />
            <Link to={`/send?to=${person.id}`} className="stretched w-full truncate text-center text-sm">
              {person.name?.split(" ")[0]}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
