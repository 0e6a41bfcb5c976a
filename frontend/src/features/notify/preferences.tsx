import { useMutation, useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";
import { cache } from "../../app/cache";
import { Failure } from "../../ui/failure";
import { Switch } from "../../ui/field";
import { Panel } from "../../ui/panel";
import { Waiting } from "../../ui/waiting";
import { useRole } from "../identity/session";

const KEY = ["preferences"];
type Name = keyof Schemas["Preferences"];

/** What one is told of by e-mail. */
export function Preferences() {
  const isMerchant = useRole("merchant");
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: () => answer(api.GET("/api/v1/notification/preferences")),
  });
  const saving = useMutation({
    mutationFn: (change: Partial<Record<Name, boolean>>) =>
      answer(api.PUT("/api/v1/notification/preferences", { body: change })),
    onSuccess: (saved) => cache.setQueryData(KEY, saved),
  });
  const shown = { ...data, ...(saving.isPending && saving.variables) };
  const bound = (name: Name) => ({
    checked: shown[name] ?? false,
    onChange: (event: { target: { checked: boolean } }) => saving.mutate({ [name]: event.target.checked }),
  });
  return (
    <Panel title="E-mails">
      <Failure error={error ?? saving.error} retry={() => void refetch()} />
      {!data && !error && <Waiting />}
      {data && (
        <div className="divide-y divide-line">
          <Switch label="When you sent money" {...bound("moneySent")} />
          <Switch label="When you got money" hint="Refunds, too" {...bound("moneyReceived")} />
          <Switch label="When somebody asks you for money" {...bound("paymentRequests")} />
          {isMerchant && <Switch label="Webhooks of your shop" {...bound("webhooks")} />}
          <Switch label="New sign-ins and passwords" hint="Always, for your safety" checked disabled readOnly />
        </div>
      )}
    </Panel>
  );
}
