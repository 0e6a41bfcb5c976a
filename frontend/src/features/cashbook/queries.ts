import { infiniteQueryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";
import type { paths } from "../../api/schema";
import { cache } from "../../app/cache";

export type Entry = Schemas["Record"];
export type Filter = Omit<NonNullable<paths["/api/v1/cashbook"]["get"]["parameters"]["query"]>, "cursor" | "limit">;

export function records(filter: Filter) {
  return infiniteQueryOptions({
    queryKey: ["cashbook", "records", filter],
    queryFn: ({ pageParam: cursor }) =>
      answer(api.GET("/api/v1/cashbook", { params: { query: { ...filter, cursor, limit: 50 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export const balances = infiniteQueryOptions({
  queryKey: ["cashbook", "balances"],
  queryFn: ({ pageParam: cursor }) =>
    answer(api.GET("/api/v1/cashbook/balances", { params: { query: { sort: "-net", cursor, limit: 50 } } })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
});

export function bookChanged(): void {
  void cache.invalidateQueries({ queryKey: ["cashbook"] });
}

/** Names a record for a change, as it was read: another device may have changed it since. */
export function asRead(record: Entry) {
  return { path: { record_id: record.id }, header: { "If-Match": `"${record.version}"` } };
}
