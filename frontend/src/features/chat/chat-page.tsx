import { useInfiniteQuery } from "@tanstack/react-query";
import { MessageCircle } from "lucide-react";
import { Link, useParams } from "react-router";
import type { Schemas } from "../../api/client";
import { Avatar } from "../../ui/avatar";
import { classes } from "../../ui/classes";
import { Failure } from "../../ui/failure";
import { LoadMore } from "../../ui/load-more";
import { Empty, PageHead } from "../../ui/panel";
import { clock, day, dayName, today } from "../../ui/time";
import { Waiting } from "../../ui/waiting";
import { useMe } from "../identity/session";
import { useOnline } from "../realtime/presence";
import { PeopleSearch } from "../user/people-search";
import { fullName, usePeople } from "../user/queries";
import { conversations } from "./queries";
import { Thread } from "./thread";

/** Conversations, and the one that is open; a phone shows one or the other. */
export function ChatPage() {
  const { userId } = useParams();
  return (
    <div className="mx-auto grid max-w-6xl grid-cols-1 gap-4 lg:h-[calc(100dvh-5rem)] lg:grid-cols-[20rem_minmax(0,1fr)]">
      <div className={classes("min-h-0 flex-col overflow-y-auto lg:flex", userId ? "hidden" : "flex")}>
        <PageHead title="Chat" />
        <PeopleSearch to={(person) => `/chat/${person.id}`} label="Whom do you want to write to?" />
        <Conversations open={userId} />
      </div>
      <div className={classes("min-h-0 min-w-0", !userId && "hidden lg:block")}>
        {userId ? (
          <Thread key={userId} userId={userId} />
        ) : (
          <div className="grid h-full content-center rounded-2xl border border-line">
            <Empty icon={<MessageCircle className="size-6" />} title="Choose a conversation" />
          </div>
        )}
      </div>
    </div>
  );
}

function Conversations({ open }: { open?: string }) {
  const pages = useInfiniteQuery(conversations);
  const found = pages.data?.pages.flatMap((page) => page.users);
  const people = usePeople(found?.map((one) => one.user.id) ?? []);
  const online = useOnline();
  return (
    <div className="mt-3">
      <Failure error={pages.error} retry={() => void pages.refetch()} />
      {pages.isPending && <Waiting rows={5} />}
      {found?.length === 0 && (
        <Empty icon={<MessageCircle className="size-6" />} title="No conversations yet">
          Find somebody above, and say hello.
        </Empty>
      )}
      <ul aria-label="Conversations" className="grid gap-1">
        {found?.map((one) => (
          <li
            key={one.user.id}
            className={classes(
              "relative flex items-center gap-3 rounded-xl p-2.5",
              one.user.id === open ? "bg-tint" : "hover:bg-raised",
            )}
          >
            <div className="relative">
              <Avatar name={fullName(one.user)} picture={people.get(one.user.id)?.picture} />
              {online.has(one.user.id) && <OnlineDot />}
            </div>
            <div className="min-w-0 flex-1">
              <div className="flex items-baseline gap-2">
                <Link
                  to={`/chat/${one.user.id}`}
                  aria-current={one.user.id === open ? "page" : undefined}
                  className="stretched min-w-0 flex-1 truncate font-medium"
                >
                  {fullName(one.user)}
                </Link>
                <span className="text-xs text-muted">{when(one.lastMessage.createdAt)}</span>
              </div>
              <div className="flex items-center gap-2">
                <p className={classes("min-w-0 flex-1 truncate text-sm", one.unread ? "font-semibold" : "text-muted")}>
                  <Snippet message={one.lastMessage} />
                </p>
                {one.unread > 0 && (
                  <span className="min-w-5 rounded-full bg-accent px-1.5 text-center text-xs leading-5 font-bold text-on-accent">
                    {one.unread}
                    <span className="sr-only"> unread</span>
                  </span>
                )}
              </div>
            </div>
          </li>
        ))}
      </ul>
      <LoadMore pages={pages} />
    </div>
  );
}

function OnlineDot() {
  return (
    <span className="absolute right-0 bottom-0 size-3.5 rounded-full border-2 border-page bg-good">
      <span className="sr-only">online</span>
    </span>
  );
}

function Snippet({ message }: { message: Schemas["LastMessage"] }) {
  const me = useMe();
  if (message.deleted) return <i>Deleted</i>;
  const text = message.text || (message.image ? "Picture" : "");
  return message.senderId === me.id ? `You: ${text}` : text;
}

function when(instant: string): string {
  return day(instant) === today() ? clock(instant) : dayName(instant);
}
