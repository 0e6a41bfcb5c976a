import { ApiError, isOutage, SessionEnded } from "../api/errors";
import { Button } from "./button";
import { Notice } from "./notice";

/** What went wrong with an answer, in words for people; nothing without an error. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  if (!error || error instanceof SessionEnded) return null;
  const title = isOutage(error) ? "The wallet cannot be reached" : "That did not work";
  return (
    <Notice kind={isOutage(error) ? "warn" : "bad"} title={title}>
      <p>{words(error)}</p>
      {retry && (
        <Button look="secondary" className="mt-2" onClick={retry}>
          Try again
        </Button>
      )}
    </Notice>
  );
}

export function words(error: unknown): string {
  if (isOutage(error)) return "We are trying again. Your money is safe, and nothing is lost.";
  if (!(error instanceof ApiError)) return "Something unexpected happened in this page. Load it anew.";
  if (error.status === 429) return `That was too much at once. Wait ${seconds(error.retryAfter)}, then try again.`;
  if (error.status >= 500) return `${error.message}. If it stays so, tell us this number: ${error.body.requestId}`;
  const fields = Object.values(error.body.errors ?? {})
    .filter(Array.isArray)
    .flat();
  return [`${error.message}.`, ...fields].join(" ").replace("..", ".");
}

function seconds(count: number | null): string {
  if (!count) return "a moment";
  return count < 90 ? `${count} seconds` : `${Math.ceil(count / 60)} minutes`;
}
