const DAY = new Intl.DateTimeFormat("en-IN", { day: "numeric", month: "short", timeZone: "Asia/Kolkata" });
const YEAR = new Intl.DateTimeFormat("en-IN", { dateStyle: "medium", timeZone: "Asia/Kolkata" });
const CLOCK = new Intl.DateTimeFormat("en-IN", { timeStyle: "short", timeZone: "Asia/Kolkata" });
const WHOLE = new Intl.DateTimeFormat("en-IN", { dateStyle: "full", timeStyle: "short", timeZone: "Asia/Kolkata" });
// Sweden writes days as programs do.
const ISO = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Kolkata" });

/** The day of an instant in India, as YYYY-MM-DD. */
export function day(instant: string | Date): string {
  return ISO.format(new Date(instant));
}

export function today(): string {
  return day(new Date());
}

/** Days ago, as YYYY-MM-DD. */
export function daysAgo(count: number): string {
  return day(new Date(Date.now() - count * 24 * 60 * 60 * 1000));
}

export function clock(instant: string): string {
  return CLOCK.format(new Date(instant));
}

/** A day as one says it: Today, Yesterday, 4 Mar. */
export function dayName(instant: string): string {
  const which = day(instant);
  if (which === today()) return "Today";
  if (which === daysAgo(1)) return "Yesterday";
  return (which.slice(0, 4) === today().slice(0, 4) ? DAY : YEAR).format(new Date(instant));
}

/** When something was or will be, in India. */
export function Time({ at, className }: { at: string; className?: string }) {
  const when = new Date(at);
  return (
    <time dateTime={at} title={WHOLE.format(when)} className={className}>
      {dayName(at)}, {clock(at)}
    </time>
  );
}
