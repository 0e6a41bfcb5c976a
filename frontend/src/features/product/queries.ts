import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";
import type { paths } from "../../api/schema";

export type Product = Schemas["Product"];
export type Search = Omit<NonNullable<paths["/api/v1/product"]["get"]["parameters"]["query"]>, "cursor" | "limit">;

export function products(search: Search) {
  return infiniteQueryOptions({
    queryKey: ["products", search],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer(api.GET("/api/v1/product", { params: { query: { ...search, cursor, limit: 24 } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function product(id: string) {
  return queryOptions({
    queryKey: ["products", "one", id],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/product/{product_id}", { params: { path: { product_id: id } } }))).product,
  });
}
