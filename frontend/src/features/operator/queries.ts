import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";

export type Holder = Schemas["Holder"];
export type OutboxRow = Schemas["OutboxRow"];
export type State = OutboxRow["state"];

/** Users whose names contain a text, or with an e-mail address; all of them for an empty one. */
export function users(text: string) {
  const query = text.includes("@") ? { email: text } : { filter: text };
  return infiniteQueryOptions({
    queryKey: ["users", "found", text],
    queryFn: ({ pageParam: cursor }) =>
      answer(api.GET("/api/v1/user", { params: { query: { ...query, cursor, limit: 20 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function user(id: string) {
  return queryOptions({
    queryKey: ["users", "one", id],
    queryFn: async () => (await answer(api.GET("/api/v1/user/{user_id}", { params: { path: { user_id: id } } }))).user,
  });
}

export function outbox(state: State) {
  return infiniteQueryOptions({
    queryKey: ["outbox", state],
    queryFn: ({ pageParam: cursor }) =>
      answer(api.GET("/api/v1/outbox", { params: { query: { state, cursor, limit: 20 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}
