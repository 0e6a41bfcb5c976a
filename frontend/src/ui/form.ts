import type { FormEvent } from "react";

/** Reads a form that is sent off, instead of letting the browser send it; texts without blanks around them. */
export function read(event: FormEvent<HTMLFormElement>): (name: string) => string {
  event.preventDefault();
  const data = new FormData(event.currentTarget);
  return (name) => String(data.get(name) ?? "").trim();
}
