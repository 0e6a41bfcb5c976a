import { useInfiniteQuery } from "@tanstack/react-query";
import { UserRound } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Link } from "react-router";
import { paise } from "../../money/money";
import { Amount } from "../../ui/amount";
import { Avatar } from "../../ui/avatar";
import { Failure } from "../../ui/failure";
import { Field } from "../../ui/field";
import { LoadMore } from "../../ui/load-more";
import { Empty, Panel } from "../../ui/panel";
import { Waiting } from "../../ui/waiting";
import { fullName } from "../user/queries";
import { OperatorFrame } from "./frame";
import { type Holder, users } from "./queries";
import { Standing } from "./standing";

/** All users, for operators: who they are, and how their main accounts stand. */
export function UsersPage() {
  return (
    <OperatorFrame>
      <Panel>
        <Users />
      </Panel>
    </OperatorFrame>
  );
}

function Users() {
  const [text, setText] = useState("");
  const pages = useInfiniteQuery(users(useDeferredValue(text.trim())));
  const found = pages.data?.pages.flatMap((page) => page.users);
  return (
    <>
      <Field
        label="Name, or whole e-mail address"
        type="search"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Failure error={pages.error} retry={() => void pages.refetch()} />
      {pages.isPending && <Waiting rows={5} />}
      {found?.length === 0 && <Empty icon={<UserRound className="size-6" />} title="Nobody is like that" />}
      <ul aria-label="Users found" aria-busy={pages.isFetching} className="mt-3 divide-y divide-line">
        {found?.map((user) => (
          <Row key={user.id} user={user} />
        ))}
      </ul>
      <LoadMore pages={pages} />
    </>
  );
}

function Row({ user }: { user: Holder }) {
  return (
    <li className="relative flex flex-wrap items-center gap-x-3 gap-y-1 py-3 hover:bg-raised">
      <Avatar name={fullName(user)} picture={user.picture} />
      <div className="min-w-0 flex-1 basis-40">
        <Link to={`/operator/users/${user.id}`} className="stretched block truncate font-medium">
          {fullName(user)}
        </Link>
        <p className="truncate text-sm text-muted">{user.username}</p>
      </div>
      <Standing user={user} />
      <Amount paise={paise(user.account.balance)} className="ml-auto font-semibold" />
    </li>
  );
}
