import { pictureUrl } from "../api/pictures";
import { classes } from "./classes";

/** Somebody's picture, or the first letters of the name; the name itself stands beside it. */
export function Avatar({ name, picture, className }: { name: string; picture?: string | null; className?: string }) {
  const shape = classes("shrink-0 rounded-full", className ?? "size-11");
  if (picture)
    return <img src={pictureUrl(picture)} alt="" loading="lazy" className={classes(shape, "bg-raised object-cover")} />;
  return (
    <span aria-hidden className={classes(shape, "grid place-items-center bg-tint text-sm font-semibold text-accent")}>
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}
