import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";
import type { paths } from "../../api/schema";

export type Transaction = Schemas["Transaction"];
export type Filter = Omit<NonNullable<paths["/api/v1/transaction"]["get"]["parameters"]["query"]>, "cursor" | "limit">;

/** Transactions of all one's accounts, newest first. */
export function transactions(filter: Filter) {
  return infiniteQueryOptions({
    queryKey: ["transactions", filter],
    queryFn: ({ pageParam: cursor }) =>
      answer(api.GET("/api/v1/transaction", { params: { query: { ...filter, cursor, limit: 50 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function transaction(id: string) {
  return queryOptions({
    queryKey: ["transactions", "one", id],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/transaction/{transaction_id}", { params: { path: { transaction_id: id } } })))
        .transaction,
  });
}
