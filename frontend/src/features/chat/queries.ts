import { infiniteQueryOptions } from "@tanstack/react-query";
import { answer, api } from "../../api/client";

export const conversations = infiniteQueryOptions({
  queryKey: ["conversations"],
  queryFn: ({ pageParam: cursor }) =>
    answer(api.GET("/api/v1/message/users", { params: { query: { cursor, limit: 50 } } })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
});

export function thread(userId: string) {
  return infiniteQueryOptions({
    queryKey: ["thread", userId],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET("/api/v1/message/{subject_id}", {
          params: { path: { subject_id: userId }, query: { cursor, limit: 40 } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** Whom one has blocked. */
export const blocked = infiniteQueryOptions({
  queryKey: ["blocked"],
  queryFn: ({ pageParam: cursor }) =>
    answer(api.GET("/api/v1/message/block", { params: { query: { cursor, limit: 100 } } })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
});
