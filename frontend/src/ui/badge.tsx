import type { ReactNode } from "react";
import { classes } from "./classes";

const TONES = {
  plain: "bg-raised text-ink",
  good: "bg-good-tint text-good",
  warn: "bg-warn-tint text-warn",
  bad: "bg-bad-tint text-bad",
};

export type Tone = keyof typeof TONES;

/** A word about how something stands. */
export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classes("inline-block rounded-lg px-2 py-0.5 text-sm font-semibold whitespace-nowrap", TONES[tone])}
    >
      {children}
    </span>
  );
}
