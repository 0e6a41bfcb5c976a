import { format, type Paise } from "../money/money";
import { classes } from "./classes";

/** An amount; with a direction it has a sign and a color, neither of which says anything alone. */
export function Amount({
  paise,
  direction,
  className,
}: {
  paise: Paise;
  direction?: "in" | "out";
  className?: string;
}) {
  const sign = direction ? (direction === "in" ? "+" : "−") : "";
  return (
    <span className={classes("whitespace-nowrap tabular-nums", direction === "in" && "text-good", className)}>
      {sign}
      {format(paise)}
    </span>
  );
}
