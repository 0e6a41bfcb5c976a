import { useQuery } from "@tanstack/react-query";
import { format, paise } from "../../money/money";
import { Failure } from "../../ui/failure";
import { accounts } from "./queries";

/** What the primary account holds. */
export function Balance() {
  const { data, error, refetch } = useQuery(accounts);
  const primary = data?.find((account) => account.isPrimary);
  if (error && !primary) return <Failure error={error} retry={() => void refetch()} />;
  const balance = primary && paise(primary.balance);
  const available = primary && paise(primary.available);
  return (
    <div className="min-w-0">
      <p className="text-sm font-medium opacity-85" id="balance">
        Your balance
      </p>
      <p aria-labelledby="balance" className="min-h-12 truncate text-4xl font-bold tracking-tight tabular-nums">
        {balance === undefined ? <span className="sr-only">Loading</span> : format(balance)}
      </p>
      <p className="text-sm opacity-85">
        {available !== undefined && available !== balance && `${format(available)} of it can be spent now`}
        {primary?.status === "frozen" && " The account is frozen: it cannot pay at the moment."}
      </p>
    </div>
  );
}
