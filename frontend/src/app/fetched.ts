import { noteOutage, onReturn, reaches } from "./outage";

/**
 * Fetches a part of the client that is not there from the beginning. While the wallet cannot be reached it waits; where a
 * newer version is served, which has other files, the page is loaded anew.
 */
export async function fetched<Part>(part: () => Promise<Part>): Promise<Part> {
  try {
    return await part();
  } catch {
    if (!(await reaches())) {
      noteOutage();
      await new Promise<void>((back) => {
        const done = onReturn(() => {
          done();
          back();
        });
      });
    }
  }
  // Some browsers remember that a file could not be fetched, so the second failure means no more than the first.
  return part().catch(loadAnew);
}

const NAME = "wallet.loaded";
const SECONDS = 10;

function loadAnew(error: unknown): Promise<never> {
  // If that was done just now, it does not help.
  if (Date.now() - Number(sessionStorage.getItem(NAME)) < SECONDS * 1000) throw error;
  sessionStorage.setItem(NAME, String(Date.now()));
  location.reload();
  return new Promise(() => undefined);
}
