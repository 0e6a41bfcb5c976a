import { useInfiniteQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { format, paise } from "../../money/money";
import { Avatar } from "../../ui/avatar";
import { classes } from "../../ui/classes";
import { Failure } from "../../ui/failure";
import { LoadMore } from "../../ui/load-more";
import { Empty, Panel } from "../../ui/panel";
import { Waiting } from "../../ui/waiting";
import { BookFrame } from "./frame";
import { balances } from "./queries";

/** Who owes whom how much, person by person. */
export function BookPeoplePage() {
  const pages = useInfiniteQuery(balances);
  const found = pages.data?.pages.flatMap((page) => page.balances);
  return (
    <BookFrame>
      <Panel>
        <Failure error={pages.error} retry={() => void pages.refetch()} />
        {pages.isPending && <Waiting rows={4} />}
        {found?.length === 0 && <Empty icon={<Users className="size-6" />} title="Nobody is in the book yet" />}
        <ul className="divide-y divide-line">
          {found?.map((one) => (
            <Row key={one.fullName ?? ""} balance={one} />
          ))}
        </ul>
        <LoadMore pages={pages} />
      </Panel>
    </BookFrame>
  );
}

const WORDS = { they: "owes you", you: "you owe", nobody: "even" };

function Row({ balance }: { balance: Schemas["BookBalance"] }) {
  const name = balance.fullName ?? "Unreadable";
  return (
    <li className="relative flex items-center gap-3 rounded-xl py-3 hover:bg-raised">
      <Avatar name={name} />
      <div className="min-w-0 flex-1">
        <Link to={`/cash-book?name=${encodeURIComponent(name)}`} className="stretched block truncate font-medium">
          {name}
        </Link>
        <p className="truncate text-sm text-muted">
          gave {format(paise(balance.debit))} · got {format(paise(balance.credit))}
        </p>
      </div>
      <p className="text-right">
        <span className="block text-sm text-muted">{WORDS[balance.owes]}</span>
        <span
          className={classes(
            "font-semibold tabular-nums",
            balance.owes === "they" && "text-good",
            balance.owes === "you" && "text-bad",
          )}
        >
          {format(Math.abs(paise(balance.net)))}
        </span>
      </p>
    </li>
  );
}
