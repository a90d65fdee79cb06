// Two pages, one window each: the popup and the settings. The app loads them from `ui/dist`.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  // The port is the one `tauri.conf.json` opens during development.
  // tests/text.test.ts reads the sources of the app beside the pages.
  server: { port: 5173, strictPort: true, fs: { allow: [".."] } },
  build: {
    // The oldest webviews with `light-dark()`, which the themes are written in.
    target: ["safari17.5", "chrome123"],
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ["popup.html", "settings.html"] },
  },
  // Vitest would otherwise take Svelte's server build, which cannot mount.
  resolve: { conditions: ["browser"] },
  test: {
    environment: "jsdom",
    setupFiles: ["tests/setup.ts"],
    include: ["tests/**/*.test.ts"],
    // Otherwise style sheets are empty in tests, and contrast.test.ts reads one.
    css: true,
    // axe takes a second a page, and more on a machine that builds at the same time.
    testTimeout: 60_000,
  },
});
