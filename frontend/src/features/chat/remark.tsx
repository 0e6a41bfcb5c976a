import { useMutation } from "@tanstack/react-query";
import { ArrowDownLeft, ArrowUpRight, HandCoins, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { answer, api, type Schemas } from "../../api/client";
import { cache } from "../../app/cache";
import { format, paise } from "../../money/money";
import { Button, IconButton } from "../../ui/button";
import { classes } from "../../ui/classes";
import { Failure } from "../../ui/failure";
import { clock } from "../../ui/time";
import { PayRequest } from "../transaction/pay-request";
import { RequestStatus } from "../transaction/request-status";
import { PrivatePicture } from "./private-picture";

interface Props {
  remark: Schemas["Remark"];
  other: { id: string; name: string };
  /** Whether it says if it was read, as the last one of one's own does. */
  showsRead: boolean;
}

/** Something in a conversation: a message, money that moved, or a request for money. */
export function Remark({ remark, other, showsRead }: Props) {
  const isOwn = remark.senderId !== other.id;
  return (
    <li className={classes("group grid gap-0.5", isOwn ? "justify-items-end" : "justify-items-start")}>
      {remark.kind === "text" ? (
        <Message remark={remark} isOwn={isOwn} />
      ) : remark.kind === "transfer" ? (
        <Moved remark={remark} isOwn={isOwn} other={other} />
      ) : (
        <Asked remark={remark} isOwn={isOwn} other={other} />
      )}
      <p className="px-1 text-xs text-muted">
        <span className="sr-only">{isOwn ? "You, " : `${other.name}, `}</span>
        {clock(remark.createdAt)}
        {showsRead && (remark.read ? " · Read" : " · Sent")}
      </p>
    </li>
  );
}

function Message({ remark, isOwn }: { remark: Schemas["Remark"]; isOwn: boolean }) {
  const deleting = useMutation({
    mutationFn: () =>
      answer(api.DELETE("/api/v1/message/{subject_id}", { params: { path: { subject_id: remark.id } } })),
    onSettled: () =>
      Promise.all(["thread", "conversations"].map((name) => cache.invalidateQueries({ queryKey: [name] }))),
  });
  if (remark.deleted) return <p className="rounded-2xl border border-line px-3.5 py-2 text-muted italic">Deleted</p>;
  return (
    <div className={classes("flex max-w-[85%] items-center gap-1", !isOwn && "flex-row-reverse")}>
      {isOwn && (
        <IconButton
          label="Delete the message"
          disabled={deleting.isPending}
          className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
          onClick={() => deleting.mutate()}
        >
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      )}
      <div
        className={classes(
          "min-w-0 rounded-2xl px-3.5 py-2",
          isOwn ? "rounded-br-md bg-accent text-on-accent" : "rounded-bl-md bg-raised",
        )}
      >
        {remark.image && <PrivatePicture path={remark.image} />}
        {remark.text && <p className="break-words whitespace-pre-wrap">{remark.text}</p>}
      </div>
      <Failure error={deleting.error} />
    </div>
  );
}

type InlineProps = { remark: Schemas["Remark"]; isOwn: boolean; other: { id: string; name: string } };

const BOX = "w-64 max-w-full rounded-2xl border border-line bg-surface p-3.5";

function Moved({ remark, isOwn, other }: InlineProps) {
  const Icon = isOwn ? ArrowUpRight : ArrowDownLeft;
  return (
    <div className={BOX}>
      <p className="flex items-center gap-1.5 text-sm text-muted">
        <Icon aria-hidden className={classes("size-4", isOwn ? "text-accent" : "text-good")} />
        {isOwn ? `You paid ${other.name}` : `${other.name} paid you`}
      </p>
      <Link to={`/history/${remark.transactionId}`} className="text-2xl font-bold tabular-nums">
        {remark.amount && format(paise(remark.amount))}
      </Link>
      {remark.note && <p className="text-sm break-words">{remark.note}</p>}
    </div>
  );
}

function Asked({ remark, isOwn, other }: InlineProps) {
  const [isPaying, setPaying] = useState(false);
  if (!remark.amount || !remark.requestId) return null;
  const request = { id: remark.requestId, amount: remark.amount, note: remark.note ?? null };
  return (
    <div className={BOX}>
      <p className="flex items-center gap-1.5 text-sm text-muted">
        <HandCoins aria-hidden className="size-4" />
        {isOwn ? `You ask ${other.name} for` : `${other.name} asks you for`}
      </p>
      <p className="text-2xl font-bold tabular-nums">{format(paise(request.amount))}</p>
      {request.note && <p className="text-sm break-words">{request.note}</p>}
      <div className="mt-2">
        {!isOwn && remark.status === "pending" ? (
          <Button className="w-full" onClick={() => setPaying(true)}>
            Pay
          </Button>
        ) : (
          <RequestStatus status={remark.status ?? ""} />
        )}
      </div>
      {isPaying && <PayRequest request={request} name={other.name} onClose={() => setPaying(false)} />}
    </div>
  );
}
