import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { cache, moneyMoved } from "./app/cache";
import { onReturn } from "./app/outage";
import { router } from "./app/router";
import "./app/style.css";
import { emptyWhenOrdered } from "./features/order/basket";
import { onSettled } from "./intent/store";
import { Toasts } from "./ui/toast";

onSettled(moneyMoved);
onSettled(emptyWhenOrdered);
onReturn(() => void cache.invalidateQueries());
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
