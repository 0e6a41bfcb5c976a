import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "../api/errors";
import { words } from "../ui/failure";
import { Notice } from "../ui/notice";
import type { State } from "./store";

/** How an intent stands, as long as it has not succeeded. */
export function Progress({ state, children }: { state: State | undefined; children?: ReactNode }) {
  if (!state || state.status === "done") return null;
  if (state.status === "sending") {
    return (
      <p role="status" className="flex items-center gap-2 text-muted">
        <LoaderCircle aria-hidden className="size-5 animate-spin" /> One moment …
      </p>
    );
  }
  if (state.status !== "refused") return <Unsure title={state.intent.title} />;
  return (
    <Notice kind="bad" title={heading(state.error)}>
      <p>{detail(state.error)}</p>
      {children}
    </Notice>
  );
}

export function Unsure({ title }: { title: string }) {
  return (
    <Notice kind="warn" title={`We do not know yet: ${title}`}>
      The answer got lost on its way. We are trying again, in such a way that it happens once at most. You need not do
      anything, and may leave this page.
    </Notice>
  );
}

function heading(error: unknown): string {
  return (error instanceof ApiError && HEADINGS[error.code]) || "This was not done";
}

const HEADINGS: Record<string, string> = {
  insufficient_balance: "There is not enough money in the account",
  limit_exceeded: "This is above a limit",
  account_inactive: "One of the accounts cannot pay or be paid",
  out_of_stock: "There is not enough of it in stock",
};

function detail(error: unknown): string {
  return `${words(error)} No money has moved.`;
}
