import { API_URL } from "./settings";

/** Where a picture that everybody may see is fetched. */
export function pictureUrl(path: string): string {
  return path.startsWith("/") ? API_URL + path : path;
}
