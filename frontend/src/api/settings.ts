function told(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

/** Where the API is, as the page tells; empty for the page's own host. */
export const API_URL = told("wallet-api").replace(/\/$/, "");

/**
 * Whether the tokens are HttpOnly cookies, which no script can read. Another origin may have them only where the API
 * names it (CORS_ORIGINS), and on the same site; bearer tokens work from everywhere.
 */
export const BY_COOKIE = (told("wallet-auth") || (API_URL ? "bearer" : "cookie")) === "cookie";
