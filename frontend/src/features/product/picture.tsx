import { Image } from "lucide-react";
import { pictureUrl } from "../../api/pictures";
import { classes } from "../../ui/classes";

/** A product's picture, or a place for it; the product's name stands beside it. */
export function Picture({ path, className }: { path: string | null; className?: string }) {
  if (path)
    return <img src={pictureUrl(path)} alt="" loading="lazy" className={classes("w-full object-cover", className)} />;
  return (
    <span aria-hidden className={classes("grid w-full place-items-center bg-raised text-muted", className)}>
      <Image className="size-8" />
    </span>
  );
}
