import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";

export type Endpoint = Schemas["Endpoint"];
export type Delivery = Schemas["Delivery"];

/** What a webhook can be told of, in words for people. */
export const EVENTS = {
  "transaction.completed": "Payments",
  "request.created": "Requests for money",
} as const;
export type Event = keyof typeof EVENTS;

export const webhooks = queryOptions({
  queryKey: ["webhooks"],
  queryFn: async () => (await answer(api.GET("/api/v1/webhook"))).webhooks,
});

/** What a webhook was told or will be, newest first. */
export function deliveries(endpoint: string) {
  return infiniteQueryOptions({
    queryKey: ["webhooks", endpoint, "deliveries"],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET("/api/v1/webhook/{endpoint_id}/deliveries", {
          params: { path: { endpoint_id: endpoint }, query: { cursor, limit: 20 } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}
