import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { cache, moneyMoved } from "./app/cache";
import { onReturn } from "./app/outage";
import { router } from "./app/router";
import "./app/style.css";
import { onSettled } from "./intent/store";
import { Toasts } from "./ui/toast";

onSettled(moneyMoved);
onReturn(() => void cache.invalidateQueries());
// A newer version is served, which has other files; it comes with the page. If that was done just now, it is not so.
window.addEventListener("vite:preloadError", () => {
  if (Date.now() - Number(sessionStorage.getItem("wallet.loaded")) < 10_000) return;
  sessionStorage.setItem("wallet.loaded", String(Date.now()));
  location.reload();
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  </StrictMode>,
);
