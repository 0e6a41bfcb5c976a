import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "../../api/client";

export const accounts = queryOptions({
  queryKey: ["accounts"],
  queryFn: async () => (await answer(api.GET("/api/v1/account"))).accounts,
});

/** What moved in the primary account, newest first. */
export function history(limit: number) {
  return infiniteQueryOptions({
    queryKey: ["history", limit],
    queryFn: ({ pageParam: cursor }) =>
      answer(api.GET("/api/v1/account/transactions", { params: { query: { limit, cursor } } })),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function limits(account: string) {
  return queryOptions({
    queryKey: ["limits", account],
    queryFn: () =>
      answer(api.GET("/api/v1/account/{account_id}/limits", { params: { path: { account_id: account } } })),
  });
}
