/**
 * Rupees at the edge, integer paise inside. No amount is ever computed with as a fraction.
 */

declare const rupees: unique symbol;

/** An amount as the API's JSON has it: a number that can be read by {@link paise} and by nothing else. */
export type Rupees = { readonly [rupees]: true };

/** Integer paise. */
export type Paise = number;

const FORM = /^(-?)(\d{1,15})(?:\.(\d{1,2}))?$/;
const INDIAN = new Intl.NumberFormat("en-IN");

/** Reads an amount of the API's; its shortest decimal form is exact, and so nothing is rounded. */
export function paise(amount: Rupees): Paise {
  const read = parse(String(amount));
  if (read === null) throw new RangeError(`not an amount: ${String(amount)}`);
  return read;
}

/** Reads what somebody typed: digits, with commas or without, and at most two decimals; null for anything else. */
export function typed(text: string): Paise | null {
  const read = parse(text.replace(/^\s*₹?\s*|,|\s+$/g, ""));
  return read === null || read < 0 ? null : read;
}

/** Writes an amount as the API takes it, in digits. */
export function toRupees(amount: Paise): Rupees & string {
  const { sign, whole, rest } = parts(amount);
  return `${sign}${whole}.${rest}` as Rupees & string;
}

/** Writes an amount as people in India read it: ₹1,00,000.00. */
export function format(amount: Paise): string {
  const { sign, whole, rest } = parts(amount);
  return `${sign}₹${INDIAN.format(whole)}.${rest}`;
}

/** Writes an amount roughly, for the axis of a chart: ₹1.2L. */
export function formatShort(amount: Paise): string {
  const { sign, whole } = parts(amount);
  return sign + "₹" + new Intl.NumberFormat("en-IN", { notation: "compact" }).format(whole);
}

function parse(text: string): Paise | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const [, sign, whole, rest = ""] = match;
  const read = Number(`${whole}${rest.padEnd(2, "0")}`);
  return Number.isSafeInteger(read) ? (sign ? -read || 0 : read) : null;
}

function parts(amount: Paise) {
  const digits = String(Math.abs(amount)).padStart(3, "0");
  return { sign: amount < 0 ? "-" : "", whole: BigInt(digits.slice(0, -2)), rest: digits.slice(-2) };
}
