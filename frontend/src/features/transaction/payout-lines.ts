import { type Paise, typed } from "../../money/money";

/** What one account is to get. */
export interface Line {
  account: string;
  amount: Paise;
  note: string;
}

export const MOST_LINES = 500;

// A cell, in quotes or not, and what ends it: spreadsheets write commas, semicolons or tabs.
const CELL = /\s*("(?:[^"]|"")*"|[^,;\t]*?)\s*(?:[,;\t]|$)/g;
const ACCOUNT = /^[0-9a-f]{24}$/;

/** Reads a table of account, amount and note, with a heading or without, and tells what is wrong with which line. */
export function readLines(text: string): { lines: Line[]; errors: string[] } {
  const lines: Line[] = [];
  const errors: string[] = [];
  for (const [index, row] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const [account = "", written = "", note = "", ...more] = cells(row);
    if (!row.trim() || (index === 0 && /amount/i.test(written))) continue;
    const amount = typed(written);
    const wrong = objection(account, amount, note, more);
    if (wrong) errors.push(`Line ${index + 1}: ${wrong}`);
    else lines.push({ account, amount: amount ?? 0, note });
  }
  if (lines.length > MOST_LINES) errors.push(`There are ${lines.length} lines, and ${MOST_LINES} at most can be paid.`);
  return { lines, errors };
}

function cells(row: string): string[] {
  return [...row.matchAll(CELL)].map(([, cell = ""]) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"').trim() : cell,
  );
}

function objection(account: string, amount: Paise | null, note: string, more: string[]): string | null {
  if (!ACCOUNT.test(account)) return "the first column is no account number, which has 24 characters.";
  if (!amount) return "the second column is no amount, as in 250 or 99.50.";
  if (note.length > 200) return "the note has more than 200 characters.";
  return more.some(Boolean) ? "there are more than three columns; a note with commas needs quotes." : null;
}
