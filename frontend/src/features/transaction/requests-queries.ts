import { infiniteQueryOptions } from "@tanstack/react-query";
import { answer, api } from "../../api/client";

/** Requests for money: those that ask you (payer), or those that you made (payee). */
export function requests(role: "payer" | "payee") {
  return infiniteQueryOptions({
    queryKey: ["requests", role],
    queryFn: ({ pageParam: cursor }) =>
      answer(api.GET("/api/v1/transaction/request", { params: { query: { role, cursor, limit: 20 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}
