import { createBrowserRouter } from "react-router";
import { Dashboard } from "../features/account/dashboard";
import { SignIn, SignUp } from "../features/identity/entrance";
import { Gate } from "../features/identity/gate";
import { SendPage } from "../features/transaction/send";
import { Broken, Missing } from "./broken";
import { Layout } from "./layout";
import { More } from "./more";

export const router = createBrowserRouter([
  { path: "/sign-in", element: <SignIn />, errorElement: <Broken /> },
  { path: "/sign-up", element: <SignUp />, errorElement: <Broken /> },
  {
    element: <Gate />,
    errorElement: <Broken />,
    children: [
      {
        element: <Layout />,
        children: [
          {
            errorElement: <Broken />,
            children: [
              { index: true, element: <Dashboard /> },
              { path: "/send", element: <SendPage /> },
              { path: "/more", element: <More /> },
              { path: "*", element: <Missing /> },
            ],
          },
        ],
      },
    ],
  },
]);
