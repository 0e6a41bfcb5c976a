import { Banknote, Clock, CreditCard, Wallet } from "lucide-react";

export const METHODS = [
  { value: "wallet", name: "Wallet", hint: "Paid at once from your balance", Icon: Wallet },
  { value: "card", name: "Card", hint: "On a page of Stripe's", Icon: CreditCard },
  { value: "hold", name: "On delivery", hint: "Set aside now, paid when it is delivered", Icon: Banknote },
  { value: "later", name: "Later", hint: "Reserved for you; pay within half an hour", Icon: Clock },
] as const;

export type Method = (typeof METHODS)[number]["value"];

interface Props {
  value: Method;
  among: readonly Method[];
  onChange: (method: Method) => void;
}

/** How an order is paid. */
export function Methods({ value, among, onChange }: Props) {
  return (
    <fieldset>
      <legend className="mb-2 font-medium">How do you pay?</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {METHODS.filter((method) => among.includes(method.value)).map(({ value: method, name, hint, Icon }) => (
          <label
            key={method}
            className="flex cursor-pointer items-start gap-3 rounded-xl border border-line p-3 hover:bg-raised has-checked:border-accent has-checked:bg-tint has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="method"
              className="mt-1 accent-accent outline-none"
              checked={value === method}
              onChange={() => onChange(method)}
            />
            <span className="flex-1">
              <span className="block font-semibold">{name}</span>
              <span className="block text-sm text-muted">{hint}</span>
            </span>
            <Icon aria-hidden className="size-5 text-muted" />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function methodName(method: string | undefined): string {
  return METHODS.find((one) => one.value === method)?.name ?? "Not chosen yet";
}
