import { useState } from "react";
import { Link } from "react-router";
import { signOut } from "../features/identity/session";
import { Button } from "../ui/button";
import { Failure } from "../ui/failure";
import { PageHead } from "../ui/panel";
import { usePlaces } from "./layout";

/** All the other pages, where a phone has no room for them. */
export function More() {
  const places = usePlaces().filter((place) => !place.first);
  const [error, setError] = useState<unknown>();
  return (
    <>
      <PageHead title="More" />
      <ul className="mb-4 divide-y divide-line overflow-hidden rounded-2xl border border-line bg-surface">
        {places.map(({ to, name, Icon }) => (
          <li key={to}>
            <Link to={to} className="flex min-h-14 items-center gap-3 px-4 font-medium hover:bg-raised">
              <Icon aria-hidden className="size-5 text-muted" />
              {name}
            </Link>
          </li>
        ))}
      </ul>
      <Failure error={error} />
      <Button look="secondary" className="w-full" onClick={() => void signOut().catch(setError)}>
        Sign out
      </Button>
    </>
  );
}
