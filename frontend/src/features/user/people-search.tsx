import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useDeferredValue, useId, useState } from "react";
import { Link } from "react-router";
import { Avatar } from "../../ui/avatar";
import { Failure } from "../../ui/failure";
import { useMe } from "../identity/session";
import { fullName, type Person, search } from "./queries";

/** Finds people while one types; `to` says where choosing somebody leads. */
export function PeopleSearch({
  to,
  label = "Find people by name",
}: {
  to: (person: Person) => string;
  label?: string;
}) {
  const [text, setText] = useState("");
  const id = useId();
  const wanted = useDeferredValue(text.trim());
  const me = useMe();
  const { data, error, isFetching } = useQuery({ ...search(wanted), enabled: wanted !== "" });
  const people = wanted ? data?.filter((person) => person.id !== me.id) : undefined;
  return (
    <div role="search">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <div className="relative">
        <Search aria-hidden className="absolute top-3 left-3 size-5 text-muted" />
        <input
          id={id}
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={label}
          autoComplete="off"
          className="min-h-11 w-full rounded-xl border border-edge bg-surface pr-3 pl-10"
        />
      </div>
      <Failure error={error} />
      {people && (
        <ul aria-label="People found" aria-busy={isFetching} className="mt-2 grid gap-1">
          {people.map((person) => (
            <li key={person.id} className="relative flex items-center gap-3 rounded-xl px-2 py-1.5 hover:bg-raised">
              <Avatar name={fullName(person)} picture={person.picture} />
              <Link to={to(person)} className="stretched truncate font-medium">
                {fullName(person)}
              </Link>
            </li>
          ))}
          {people.length === 0 && !isFetching && (
            <li role="status" className="px-2 py-2 text-muted">
              Nobody here has a name like “{wanted}”.
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
