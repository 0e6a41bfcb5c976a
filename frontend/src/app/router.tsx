import { createBrowserRouter } from "react-router";
import { AccountsPage } from "../features/account/accounts";
import { Dashboard } from "../features/account/dashboard";
import { StatementPage } from "../features/account/statement";
import { BookPeoplePage } from "../features/cashbook/people";
import { CashBookPage } from "../features/cashbook/records";
import { ChatPage } from "../features/chat/chat-page";
import { SignIn, SignUp } from "../features/identity/entrance";
import { Gate } from "../features/identity/gate";
import { ProfilePage } from "../features/identity/profile";
import { OperatorPage } from "../features/operator/operator";
import { BasketPage } from "../features/order/basket-page";
import { OrderPage } from "../features/order/order-page";
import { OrdersPage } from "../features/order/orders";
import { SalesPage } from "../features/order/sales";
import { PaymentPage } from "../features/payment/payment-page";
import { TopUpPage } from "../features/payment/top-up";
import { ProductPage } from "../features/product/product-page";
import { ShopPage } from "../features/product/shop";
import { HistoryPage } from "../features/transaction/history";
import { NewRequestPage } from "../features/transaction/new-request";
import { RequestsPage } from "../features/transaction/requests";
import { SendPage } from "../features/transaction/send";
import { TransactionPage } from "../features/transaction/transaction-page";
import { Broken, Missing } from "./broken";
import { Layout } from "./layout";
import { More } from "./more";

const pages = [
  { index: true, element: <Dashboard /> },
  { path: "/send", element: <SendPage /> },
  { path: "/requests", element: <RequestsPage side="payer" /> },
  { path: "/requests/made", element: <RequestsPage side="payee" /> },
  { path: "/requests/new", element: <NewRequestPage /> },
  { path: "/history", element: <HistoryPage /> },
  { path: "/history/:id", element: <TransactionPage /> },
  { path: "/chat", element: <ChatPage /> },
  { path: "/chat/:userId", element: <ChatPage /> },
  { path: "/shop", element: <ShopPage /> },
  { path: "/shop/:id", element: <ProductPage /> },
  { path: "/basket", element: <BasketPage /> },
  { path: "/orders", element: <OrdersPage /> },
  { path: "/orders/:id", element: <OrderPage /> },
  { path: "/sales", element: <SalesPage shows="orders" /> },
  { path: "/sales/products", element: <SalesPage shows="products" /> },
  { path: "/operator", element: <OperatorPage /> },
  { path: "/cash-book", element: <CashBookPage /> },
  { path: "/cash-book/people", element: <BookPeoplePage /> },
  { path: "/accounts", element: <AccountsPage /> },
  { path: "/accounts/:id/statement", element: <StatementPage /> },
  { path: "/top-up", element: <TopUpPage /> },
  { path: "/payments/:id", element: <PaymentPage /> },
  { path: "/profile", element: <ProfilePage /> },
  { path: "/more", element: <More /> },
  { path: "*", element: <Missing /> },
];

export const router = createBrowserRouter([
  { path: "/sign-in", element: <SignIn />, errorElement: <Broken /> },
  { path: "/sign-up", element: <SignUp />, errorElement: <Broken /> },
  {
    element: <Gate />,
    errorElement: <Broken />,
    children: [{ element: <Layout />, children: [{ errorElement: <Broken />, children: pages }] }],
  },
]);
