import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isOutage, SessionEnded } from "../api/errors";
import { noteOutage, noteReach } from "./outage";

const TRIES = 2;

/** What is known of the API's answers, and how long it counts as fresh. */
export const cache: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: note, onSuccess: noteReach }),
  mutationCache: new MutationCache({ onError: note }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Whether the API answers is seen from its answers: a wallet on this machine needs no network.
      networkMode: "always",
      retry: (count, error) => count < TRIES && !(error instanceof ApiError) && !(error instanceof SessionEnded),
    },
    mutations: { networkMode: "always" },
  },
});

function note(error: unknown): void {
  if (isOutage(error)) noteOutage();
}

/** What is shown of money, wherever it stands; to be asked for anew when some has moved. */
const MONEY = [
  "accounts",
  "limits",
  "history",
  "transactions",
  "statement",
  "requests",
  "orders",
  "thread",
  "products",
  "users",
];

export function moneyMoved(): void {
  for (const name of MONEY) void cache.invalidateQueries({ queryKey: [name] });
}
