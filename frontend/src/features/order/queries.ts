import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";

export type Order = Schemas["Order"];
/** Which one you are. */
export type Side = "buyer" | "merchant";

export function orders(side: Side) {
  return infiniteQueryOptions({
    queryKey: ["orders", side],
    queryFn: ({ pageParam: cursor }) =>
      answer(api.GET("/api/v1/order", { params: { query: { as: side, cursor, limit: 20 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function order(id: string) {
  return queryOptions({
    queryKey: ["orders", "one", id],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/order/{order_id}", { params: { path: { order_id: id } } }))).order,
  });
}
