import { Compass } from "lucide-react";
import { useRouteError } from "react-router";
import { Button, ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";
import { Empty, PageHead } from "../ui/panel";

/** A page that failed, which is a defect of it. */
export function Broken() {
  console.error(useRouteError());
  return (
    <div className="mx-auto max-w-lg p-4">
      <Notice kind="bad" title="This page does not work">
        <p>Something unexpected happened in it. Your money is not touched by that.</p>
        <Button look="secondary" className="mt-2" onClick={() => location.reload()}>
          Load it anew
        </Button>
      </Notice>
    </div>
  );
}

export function Missing() {
  return (
    <>
      <PageHead title="There is no such page" />
      <Empty icon={<Compass className="size-6" />} title="Nothing is here">
        <ButtonLink look="quiet" to="/">
          Back to the start
        </ButtonLink>
      </Empty>
    </>
  );
}
