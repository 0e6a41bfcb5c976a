import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";

export type Person = Schemas["Person"];

export function fullName(person: { firstName: string; lastName: string }): string {
  return `${person.firstName} ${person.lastName}`.trim();
}

/** People whose names contain a text. */
export function search(text: string, limit = 8) {
  return queryOptions({
    queryKey: ["search", text, limit],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/user/bulk", { params: { query: { filter: text, limit } }, signal }))).user,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** What everybody may see of users, by their ids; who is not there yet, or nobody, is left out. */
export function usePeople(ids: (string | null | undefined)[]): Map<string, Schemas["Card"]> {
  const wanted = [...new Set(ids.filter((id) => typeof id === "string"))].sort().slice(0, 100);
  const { data } = useQuery({
    queryKey: ["people", wanted],
    queryFn: async () => (await answer(api.GET("/api/v1/user/people", { params: { query: { ids: wanted } } }))).people,
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  });
  return new Map(data?.map((person) => [person.id, person]));
}
