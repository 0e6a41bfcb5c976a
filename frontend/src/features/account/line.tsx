import type { Schemas } from "../../api/client";
import { paise } from "../../money/money";
import { Amount } from "../../ui/amount";
import { Avatar } from "../../ui/avatar";
import { Time } from "../../ui/time";
import { kindName } from "../transaction/kinds";

/** A movement of money in a list. */
export function Line({ line, picture }: { line: Schemas["HistoryLine"]; picture?: string | null }) {
  const name = line.counterparty.name ?? kindName(line.kind);
  return (
    <li className="flex items-center gap-3 py-2.5">
      <Avatar name={name} picture={picture} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className="truncate text-sm text-muted">
          <Time at={line.createdAt} />
          {line.note ? ` · ${line.note}` : line.kind !== "transfer" && ` · ${kindName(line.kind)}`}
        </p>
      </div>
      <Amount paise={paise(line.amount)} direction={line.direction} className="font-semibold" />
    </li>
  );
}
