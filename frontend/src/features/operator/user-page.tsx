import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { format, paise } from "../../money/money";
import { Avatar } from "../../ui/avatar";
import { Details } from "../../ui/details";
import { Failure } from "../../ui/failure";
import { Panel } from "../../ui/panel";
import { Time } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { fullName } from "../user/queries";
import { AccountLimits } from "./account-limits";
import { OperatorFrame } from "./frame";
import { Funding } from "./funding";
import { type Holder, user } from "./queries";
import { Standing } from "./standing";
import { Disabling, Freezing } from "./turning";

/** Somebody as operators see them, and what they may do about it. */
export function UserPage() {
  return (
    <OperatorFrame>
      <Loaded />
    </OperatorFrame>
  );
}

function Loaded() {
  const { id = "" } = useParams();
  const { data, error, refetch } = useQuery(user(id));
  return (
    <>
      <Failure error={error} retry={() => void refetch()} />
      {!data && !error && <Waiting />}
      {data && <Shown key={id} user={data} />}
    </>
  );
}

function Shown({ user }: { user: Holder }) {
  const balance = paise(user.account.balance);
  const available = paise(user.account.available);
  return (
    <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-2">
      <Panel className="md:col-span-2">
        <div className="mb-4 flex flex-wrap items-center gap-3">
          <Avatar name={fullName(user)} picture={user.picture} className="size-12" />
          <h2 className="min-w-0 truncate text-lg font-semibold">{fullName(user)}</h2>
          <Standing user={user} />
        </div>
        <Details
          rows={[
            ["E-mail", user.username],
            ["Balance", format(balance)],
            ...(available === balance ? [] : [["Not set aside", format(available)] as const]),
            ["Signed up", <Time key="up" at={user.createdAt} />],
            ...(user.lastSignInAt ? [["Last signed in", <Time key="in" at={user.lastSignInAt} />] as const] : []),
            ["Number", <code key="number">{user.id}</code>],
          ]}
        />
      </Panel>
      <Freezing user={user} />
      <Disabling user={user} />
      <Funding userId={user.id} />
      <AccountLimits account={user.id} />
    </div>
  );
}
