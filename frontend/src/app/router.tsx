import type { ComponentType } from "react";
import { createBrowserRouter } from "react-router";
import { Dashboard } from "../features/account/dashboard";
import { SignIn, SignUp } from "../features/identity/entrance";
import { Gate } from "../features/identity/gate";
import { SendPage } from "../features/transaction/send";
import { Waiting } from "../ui/waiting";
import { Broken, Missing } from "./broken";
import { fetched } from "./fetched";
import { Layout } from "./layout";
import { More } from "./more";

/** A page that is fetched when somebody goes there. */
function page<Name extends string>(path: string, module: () => Promise<Record<Name, ComponentType>>, name: Name) {
  return { path, lazy: async () => ({ Component: (await fetched(module))[name] }) };
}

const requests = () => import("../features/transaction/requests");
const chat = () => import("../features/chat/chat-page");
const sales = () => import("../features/order/sales");

const pages = [
  { index: true, element: <Dashboard /> },
  { path: "/send", element: <SendPage /> },
  page("/requests", requests, "RequestsToAnswer"),
  page("/requests/made", requests, "RequestsMade"),
  page("/requests/new", () => import("../features/transaction/new-request"), "NewRequestPage"),
  page("/history", () => import("../features/transaction/history"), "HistoryPage"),
  page("/history/:id", () => import("../features/transaction/transaction-page"), "TransactionPage"),
  page("/chat", chat, "ChatPage"),
  page("/chat/:userId", chat, "ChatPage"),
  page("/shop", () => import("../features/product/shop"), "ShopPage"),
  page("/shop/:id", () => import("../features/product/product-page"), "ProductPage"),
  page("/basket", () => import("../features/order/basket-page"), "BasketPage"),
  page("/orders", () => import("../features/order/orders"), "OrdersPage"),
  page("/orders/:id", () => import("../features/order/order-page"), "OrderPage"),
  page("/sales", sales, "SalesPage"),
  page("/sales/products", sales, "ProductsPage"),
  page("/sales/payouts", () => import("../features/transaction/payout-page"), "PayoutPage"),
  page("/sales/webhooks", () => import("../features/notify/webhooks"), "WebhooksPage"),
  page("/sales/webhooks/:id", () => import("../features/notify/webhook-deliveries"), "DeliveriesPage"),
  page("/accounts", () => import("../features/account/accounts"), "AccountsPage"),
  page("/accounts/:id/statement", () => import("../features/account/statement"), "StatementPage"),
  page("/cash-book", () => import("../features/cashbook/records"), "CashBookPage"),
  page("/cash-book/people", () => import("../features/cashbook/people"), "BookPeoplePage"),
  page("/insights", () => import("../features/analytics/insights"), "InsightsPage"),
  page("/top-up", () => import("../features/payment/top-up"), "TopUpPage"),
  page("/payments/:id", () => import("../features/payment/payment-page"), "PaymentPage"),
  page("/operator", () => import("../features/operator/users"), "UsersPage"),
  page("/operator/users/:id", () => import("../features/operator/user-page"), "UserPage"),
  page("/operator/outbox", () => import("../features/operator/outbox"), "OutboxPage"),
  page("/operator/look-up", () => import("../features/operator/look-up"), "LookUpPage"),
  page("/profile", () => import("../features/identity/profile"), "ProfilePage"),
  { path: "/more", element: <More /> },
  { path: "*", element: <Missing /> },
];

export const router = createBrowserRouter([
  { path: "/sign-in", element: <SignIn />, errorElement: <Broken /> },
  { path: "/sign-up", element: <SignUp />, errorElement: <Broken /> },
  {
    element: <Gate />,
    errorElement: <Broken />,
    HydrateFallback: Waiting,
    children: [{ element: <Layout />, children: [{ errorElement: <Broken />, children: pages }] }],
  },
]);
