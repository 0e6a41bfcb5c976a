import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { paise, type Paise } from "../../money/money";
import { accounts } from "../account/queries";
import { useMe } from "../identity/session";
import { usePeople } from "../user/queries";
import { kindName } from "./kinds";
import type { Transaction } from "./queries";

/** A transaction as one of the people in it sees it. */
export interface View {
  transaction: Transaction;
  direction: "in" | "out" | "within";
  amount: Paise;
  name: string;
  /** Who is on the other side, where that is a user. */
  person?: Schemas["Card"];
}

/** Looks at transactions from one's own side: which way the money went, and who else had to do with it. */
export function useViews(transactions: Transaction[]): View[] {
  const me = useMe();
  const { data: mine = [] } = useQuery(accounts);
  const names = new Map(mine.map((account) => [account.id, account.name]));
  const isMine = (account?: string) => account !== undefined && (names.has(account) || account === me.id);
  const other = (one: Transaction) => (isMine(one.fromAccount) ? one.toAccount : one.fromAccount);
  // A primary account has its user's id.
  const people = usePeople(transactions.map(other));
  return transactions.map((one) => {
    const isPayer = isMine(one.fromAccount);
    const isPayee = isMine(one.toAccount) || (one.lines?.some((line) => isMine(line.toAccount)) ?? false);
    const id = other(one);
    const person = id === undefined ? undefined : people.get(id);
    const own = isPayer && isPayee && id !== undefined ? names.get(id) : undefined;
    return {
      transaction: one,
      direction: isPayer && isPayee ? "within" : isPayer ? "out" : "in",
      amount: isPayer ? paise(one.amount) : share(one, isMine),
      name: own ?? person?.name ?? kindName(one.kind),
      person: own ? undefined : person,
    };
  });
}

/** Of what somebody paid to several accounts, what came to one's own. */
function share(one: Transaction, isMine: (account?: string) => boolean): Paise {
  if (!one.lines) return paise(one.amount);
  return one.lines.filter((line) => isMine(line.toAccount)).reduce((sum, line) => sum + paise(line.amount), 0);
}
