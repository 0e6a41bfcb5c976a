import { useMutation, useQuery } from "@tanstack/react-query";
import { ArrowLeftRight, FileText, Pencil, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { cache } from "../../app/cache";
import { format, paise } from "../../money/money";
import { Badge } from "../../ui/badge";
import { Button, ButtonLink, IconButton } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { Field, Select } from "../../ui/field";
import { read } from "../../ui/form";
import { PageHead, Panel } from "../../ui/panel";
import { Waiting } from "../../ui/waiting";
import { useRole } from "../identity/session";
import { Limits } from "./limits";
import { MoveMoney } from "./move-money";
import { accounts } from "./queries";

type Account = Schemas["Account"];
type Doing = { what: "open" | "move" } | { what: "rename" | "close"; account: Account };

/** One's accounts: what they hold, and opening, naming and closing them. */
export function AccountsPage() {
  const { data, error, refetch } = useQuery(accounts);
  const [doing, setDoing] = useState<Doing | null>(null);
  const stop = () => setDoing(null);
  return (
    <>
      <PageHead title="Accounts">
        {data && data.length > 1 && (
          <Button look="secondary" onClick={() => setDoing({ what: "move" })}>
            <ArrowLeftRight aria-hidden className="size-5" /> Move money
          </Button>
        )}
        <Button onClick={() => setDoing({ what: "open" })}>
          <Plus aria-hidden className="size-5" /> Open an account
        </Button>
      </PageHead>
      <Failure error={error} retry={() => void refetch()} />
      {!data && !error && <Waiting />}
      <ul className="grid grid-cols-1 gap-4 md:grid-cols-2">
        {data?.map((account) => (
          <li key={account.id}>
            <Card account={account} onDo={setDoing} />
          </li>
        ))}
      </ul>
      {doing?.what === "open" && <Opening onClose={stop} />}
      {doing?.what === "rename" && <Renaming account={doing.account} onClose={stop} />}
      {doing?.what === "close" && <Closing account={doing.account} onClose={stop} />}
      {doing?.what === "move" && data && <MoveMoney accounts={data} onClose={stop} />}
    </>
  );
}

function Card({ account, onDo }: { account: Account; onDo: (doing: Doing) => void }) {
  const balance = paise(account.balance);
  const available = paise(account.available);
  return (
    <Panel>
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 truncate text-lg font-semibold">{account.name}</h2>
        {account.isPrimary && <Badge>Main account</Badge>}
        {account.kind === "merchant" && <Badge>Merchant</Badge>}
        {account.status === "frozen" && <Badge tone="bad">Frozen</Badge>}
        <IconButton
          label={`Rename ${account.name}`}
          className="-my-2 ml-auto"
          onClick={() => onDo({ what: "rename", account })}
        >
          <Pencil aria-hidden className="size-5" />
        </IconButton>
      </div>
      <p className="mt-1 text-3xl font-bold tabular-nums">{format(balance)}</p>
      <p className="min-h-6 text-sm text-muted">
        {available !== balance && `${format(available)} can be spent, the rest is set aside for orders`}
      </p>
      <Limits account={account.id} />
      <div className="mt-3 flex flex-wrap gap-2">
        <ButtonLink look="secondary" to={`/accounts/${account.id}/statement`}>
          <FileText aria-hidden className="size-5" /> Statement
        </ButtonLink>
        {!account.isPrimary && account.status === "active" && (
          <Button look="quiet" onClick={() => onDo({ what: "close", account })}>
            Close<span className="sr-only"> {account.name}</span>
          </Button>
        )}
      </div>
    </Panel>
  );
}

interface ActionProps {
  title: string;
  action: string;
  danger?: boolean;
  children: ReactNode;
  run: (field: (name: string) => string) => Promise<unknown>;
  onClose: () => void;
}

/** A dialog that changes an account, and is over when that is done. */
function Action({ title, action, danger, children, run, onClose }: ActionProps) {
  const running = useMutation({
    mutationFn: run,
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: accounts.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="grid gap-4" onSubmit={(event) => running.mutate(read(event))}>
        {children}
        <Failure error={running.error} />
        <Button type="submit" look={danger ? "danger" : "primary"} busy={running.isPending}>
          {action}
        </Button>
      </form>
    </Dialog>
  );
}

function Opening({ onClose }: { onClose: () => void }) {
  const isMerchant = useRole("merchant");
  return (
    <Action
      title="Open an account"
      action="Open it"
      onClose={onClose}
      run={(field) =>
        answer(
          api.POST("/api/v1/account", {
            body: { name: field("name"), kind: field("kind") === "merchant" ? "merchant" : "wallet" },
          }),
        )
      }
    >
      <Field label="Name" name="name" required maxLength={50} placeholder="Savings" />
      {isMerchant && (
        <Select label="Kind" name="kind">
          <option value="wallet">Wallet</option>
          <option value="merchant">Merchant account</option>
        </Select>
      )}
    </Action>
  );
}

function Renaming({ account, onClose }: { account: Account; onClose: () => void }) {
  return (
    <Action
      title={`Rename ${account.name}`}
      action="Rename it"
      onClose={onClose}
      run={(field) =>
        answer(
          api.PATCH("/api/v1/account/{account_id}", {
            params: { path: { account_id: account.id } },
            body: { name: field("name") },
          }),
        )
      }
    >
      <Field label="Name" name="name" required maxLength={50} defaultValue={account.name} />
    </Action>
  );
}

function Closing({ account, onClose }: { account: Account; onClose: () => void }) {
  return (
    <Action
      title={`Close ${account.name}`}
      action="Close it for good"
      danger
      onClose={onClose}
      run={() =>
        answer(api.POST("/api/v1/account/{account_id}/close", { params: { path: { account_id: account.id } } }))
      }
    >
      <p>An account has to be empty to be closed. It keeps its history, and takes no money any more.</p>
    </Action>
  );
}
