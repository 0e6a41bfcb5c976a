import type { components } from "./schema";

type Body = components["schemas"]["Error"];

/** The API refused, or says that it could not tell. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    readonly status: number,
    readonly body: Body,
    /** Seconds. */
    readonly retryAfter: number | null,
  ) {
    super(body.message);
  }

  get code() {
    return this.body.code;
  }

  /** What is wrong with a field, as the API puts it. */
  about(field: string): string | undefined {
    const found = this.body.errors?.[field];
    return Array.isArray(found) ? found.join(" ") : undefined;
  }
}

/** There was no answer: the network, or the API, is away. */
export class Unreachable extends Error {
  override name = "Unreachable";

  constructor() {
    super("The wallet cannot be reached at the moment.");
  }
}

/** The session came to its end; only signing in leads on. */
export class SessionEnded extends Error {
  override name = "SessionEnded";

  constructor() {
    super("Sign in to continue.");
  }
}

/** Tells whether nobody knows what became of the request: only its repetition can tell. */
export function isUnknown(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500 && !DEFINITE.has(error.code);
  return error instanceof Unreachable;
}

/** Tells whether the API is away, and not only this request refused. */
export function isOutage(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiError && error.code === "unavailable");
}

const DEFINITE = new Set(["card_payments_refused", "card_payments_not_configured"]);

/** What a refusal says; what stands between, a proxy for example, may answer in its own words. */
export function refusal(response: Response, body: unknown): ApiError {
  const seconds = Number(response.headers.get("Retry-After") ?? "");
  return new ApiError(response.status, isBody(body) ? body : UNREADABLE, seconds > 0 ? seconds : null);
}

const UNREADABLE: Body = { message: "The wallet does not answer as it should.", code: "unreadable", requestId: "" };

function isBody(body: unknown): body is Body {
  return typeof body === "object" && body !== null && "message" in body && "code" in body;
}
