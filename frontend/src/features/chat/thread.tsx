import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { ArrowLeft, HandCoins, Send } from "lucide-react";
import { Fragment, useEffect, useRef } from "react";
import { Link } from "react-router";
import { answer, api } from "../../api/client";
import { cache } from "../../app/cache";
import { Avatar } from "../../ui/avatar";
import { Failure } from "../../ui/failure";
import { LoadMore } from "../../ui/load-more";
import { Notice } from "../../ui/notice";
import { dayName } from "../../ui/time";
import { useTitle } from "../../ui/use-title";
import { Waiting } from "../../ui/waiting";
import { useOnline, useTyping } from "../realtime/presence";
import { usePeople } from "../user/queries";
import { Blocking, useBlocked } from "./blocking";
import { Composer } from "./composer";
import { Outgoing, useOutbox } from "./outbox";
import { thread } from "./queries";
import { Remark } from "./remark";

/** A conversation with somebody, and the money that moved in it. */
export function Thread({ userId }: { userId: string }) {
  const pages = useInfiniteQuery(thread(userId));
  const remarks = pages.data?.pages.toReversed().flatMap((page) => page.messages) ?? [];
  const outbox = useOutbox(userId);
  const person = usePeople([userId]).get(userId);
  const isBlocked = useBlocked(userId);
  const name = person?.name ?? "";
  useTitle(name || "Chat");
  useMarking(userId, remarks.at(-1)?.id);
  const list = useEnd(outbox.waiting.length);
  const lastOwn = remarks.findLast((remark) => remark.kind === "text" && remark.receiverId === userId);
  return (
    <section
      aria-label={`Conversation with ${name}`}
      className="flex -mb-10 h-[calc(100dvh-9.25rem)] flex-col overflow-hidden rounded-2xl border border-line bg-surface lg:mb-0 lg:h-full"
    >
      <Head userId={userId} name={name} picture={person?.picture} />
      <div
        ref={list}
        // Turned round, so that its end stays in view whatever comes or grows.
        className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto px-4 py-3"
        // It is moved by keys as well.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="log"
        aria-label="Messages"
      >
        <div className="mb-auto">
          <Failure error={pages.error} retry={() => void pages.refetch()} />
          {pages.isPending && <Waiting rows={5} />}
          <LoadMore pages={pages}>Show earlier ones</LoadMore>
          {pages.isSuccess && remarks.length === 0 && (
            <p className="py-8 text-center text-muted">Say hello to {name}.</p>
          )}
          <ol className="grid gap-2">
            {remarks.map((remark, index) => (
              <Fragment key={`${remark.kind}-${remark.id}`}>
                {dayName(remark.createdAt) !== dayName(remarks[index - 1]?.createdAt ?? "1970-01-01") && (
                  <li className="py-2 text-center text-sm text-muted">{dayName(remark.createdAt)}</li>
                )}
                <Remark remark={remark} other={{ id: userId, name }} showsRead={remark === lastOwn} />
              </Fragment>
            ))}
            {outbox.waiting
              .filter((one) => !remarks.some((remark) => remark.clientId === one.clientId))
              .map((one) => (
                <Outgoing key={one.clientId} message={one} onRetry={outbox.retry} onDrop={outbox.drop} />
              ))}
          </ol>
        </div>
      </div>
      {isBlocked ? (
        <div className="border-t border-line p-3">
          <Notice>You blocked {name}. Neither of you can write to the other.</Notice>
        </div>
      ) : (
        <Composer to={userId} name={name} onSend={outbox.send} />
      )}
    </section>
  );
}

function Head({ userId, name, picture }: { userId: string; name: string; picture?: string | null }) {
  const isOnline = useOnline().has(userId);
  const isTyping = useTyping(userId);
  const action = "grid size-11 place-items-center rounded-xl text-muted hover:bg-raised hover:text-ink";
  return (
    <header className="flex items-center gap-2 border-b border-line px-3 py-2">
      <Link to="/chat" aria-label="All conversations" className={`${action} -ml-2 lg:hidden`}>
        <ArrowLeft aria-hidden className="size-5" />
      </Link>
      <Avatar name={name} picture={picture} className="size-10" />
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-semibold">{name}</h2>
        <p role="status" className="min-h-5 text-sm text-muted">
          {isTyping ? "is writing …" : isOnline ? "online" : ""}
        </p>
      </div>
      <Link to={`/requests/new?from=${userId}`} aria-label="Ask for money" title="Ask for money" className={action}>
        <HandCoins aria-hidden className="size-5" />
      </Link>
      <Link to={`/send?to=${userId}`} aria-label="Send money" title="Send money" className={action}>
        <Send aria-hidden className="size-5" />
      </Link>
      <Blocking userId={userId} name={name} />
    </header>
  );
}

/** Tells the sender that what is shown was read, while somebody looks at it. */
function useMarking(userId: string, last: string | undefined): void {
  const { mutate } = useMutation({
    mutationFn: () => answer(api.PUT("/api/v1/message/mark/{user_id}", { params: { path: { user_id: userId } } })),
    onSuccess: ({ read }) => {
      if (read) void cache.invalidateQueries({ queryKey: ["conversations"] });
    },
  });
  useEffect(() => {
    if (!last) return;
    const mark = () => document.visibilityState === "visible" && mutate();
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [last, mutate]);
}

/** A list that is scrolled to its end when something is added to what one sends. */
function useEnd(sent: number) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (sent > 0) list.current?.scrollTo({ top: 0 });
  }, [sent]);
  return list;
}
