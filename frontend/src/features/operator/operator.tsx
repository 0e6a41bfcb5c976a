import { Search } from "lucide-react";
import type { FormEvent } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { Avatar } from "../../ui/avatar";
import { Button, ButtonLink } from "../../ui/button";
import { Field, Select } from "../../ui/field";
import { read } from "../../ui/form";
import { Notice } from "../../ui/notice";
import { PageHead, Panel } from "../../ui/panel";
import { useRole } from "../identity/session";
import { PeopleSearch } from "../user/people-search";
import { usePeople } from "../user/queries";
import { AccountLimits } from "./account-limits";
import { Freezing } from "./freezing";
import { Funding } from "./funding";

/** What operators do: freeze accounts and set their limits, issue money, and look at any order or transaction. */
export function OperatorPage() {
  const [search] = useSearchParams();
  const userId = search.get("user");
  if (!useRole("operator")) return <Notice kind="warn">This page is for operators.</Notice>;
  return (
    <>
      <PageHead title="Operation" />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Panel title="A person's main account">
          {userId ? (
            <Chosen userId={userId} />
          ) : (
            <PeopleSearch to={(person) => `/operator?user=${person.id}`} label="Whose account?" />
          )}
        </Panel>
        <LookUp />
        {userId && (
          <>
            <Freezing key={`freezing-${userId}`} account={userId} />
            <Funding key={`funding-${userId}`} userId={userId} />
            <AccountLimits key={`limits-${userId}`} account={userId} />
          </>
        )}
      </div>
    </>
  );
}

function Chosen({ userId }: { userId: string }) {
  const person = usePeople([userId]).get(userId);
  const name = person?.name ?? "";
  return (
    <div className="flex items-center gap-3">
      <Avatar name={name} picture={person?.picture} className="size-12" />
      <div className="min-w-0 flex-1">
        <p className="truncate text-lg font-semibold">{name}</p>
        <p className="truncate font-mono text-sm text-muted">{userId}</p>
      </div>
      <ButtonLink look="quiet" to="/operator">
        Change
      </ButtonLink>
    </div>
  );
}

function LookUp() {
  const navigate = useNavigate();
  function submit(event: FormEvent<HTMLFormElement>) {
    const field = read(event);
    void navigate(`/${field("what")}/${field("id")}`);
  }
  return (
    <Panel title="Look something up">
      <form className="grid gap-3 sm:grid-cols-[auto_1fr]" onSubmit={submit}>
        <Select label="What" name="what">
          <option value="orders">An order</option>
          <option value="history">A transaction</option>
        </Select>
        <Field
          label="Its number"
          name="id"
          required
          pattern="[0-9a-f]{24}"
          title="24 characters, 0 to 9 and a to f"
          autoComplete="off"
        />
        <Button type="submit" look="secondary" className="sm:col-span-2">
          <Search aria-hidden className="size-5" /> Show it
        </Button>
      </form>
    </Panel>
  );
}
