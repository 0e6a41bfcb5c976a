import createClient from "openapi-fetch";
import { refusal } from "./errors";
import type { components, paths } from "./schema";
import { API_URL } from "./settings";
import { send } from "./transport";

export type Schemas = components["schemas"];

/** The API, typed by its own document. */
export const api = createClient<paths>({
  baseUrl: API_URL || location.origin,
  fetch: send,
  querySerializer: { array: { style: "form", explode: false } },
});

interface Fetched<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/**
 * Returns what the API answered.
 * @throws ApiError it refused.
 * @throws Unreachable there was no answer.
 * @throws SessionEnded nobody is signed in any more.
 */
export async function answer<Data>(asked: Promise<Fetched<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await asked;
  if (!response.ok) throw refusal(response, error);
  return data as NonNullable<Data>;
}

/** Fetches a file of the API's, by its path. */
export async function file(path: string): Promise<Blob> {
  return (await raw(path)).blob();
}

/** Posts something that is no JSON. */
export async function upload<Answer>(path: string, body: string, headers: Record<string, string>): Promise<Answer> {
  return (await raw(path, { method: "POST", body, headers })).json() as Promise<Answer>;
}

async function raw(path: string, options: RequestInit = {}): Promise<Response> {
  const response = await send(new Request(new URL(path, API_URL || location.origin), options));
  if (!response.ok) throw refusal(response, await response.json().catch(() => null));
  return response;
}
