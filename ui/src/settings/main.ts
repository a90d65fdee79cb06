// Starts the settings in its window.

import { mount } from "svelte";
import "../lib/style/base.css";
import "../lib/style/control.css";
import { connect } from "../lib/ipc/backend";
import { speak } from "../lib/text";
import Settings from "./Settings.svelte";

void connect().then(async (backend) => {
  // Before the first word is drawn. Without an answer the page says so itself, in English.
  await backend.getStatus().then(
    ({ language }) => speak(language),
    () => undefined,
  );
  const target = document.getElementById("app");
  if (target === null) throw new Error("settings.html has no #app");
  mount(Settings, { target, props: { backend } });
});
