import type { ReactNode } from "react";
import { Notice } from "../../ui/notice";
import { PageHead } from "../../ui/panel";
import { Tabs } from "../../ui/tabs";
import { useRole } from "./session";

interface Props {
  of: "merchant" | "operator";
  title: string;
  places: { to: string; name: string }[];
  children: ReactNode;
}

/** What stands around the pages that only people with a role have. */
export function RoleFrame({ of, title, places, children }: Props) {
  if (!useRole(of)) return <Notice kind="warn">This page is for {of}s.</Notice>;
  return (
    <div className="mx-auto max-w-3xl">
      <PageHead title={title} />
      <Tabs label={title} places={places} />
      {children}
    </div>
  );
}
