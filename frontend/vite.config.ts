import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// What index.html tells; see src/api/settings.ts.
process.env.VITE_API_URL ??= "";
process.env.VITE_AUTH ??= "";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: { port: 5173, strictPort: true },
  build: {
    // What is small goes into files as well: a strict policy lets nothing in that stands within the page.
    assetsInlineLimit: 0,
    target: "es2022",
  },
});
