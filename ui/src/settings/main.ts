// Starts the settings in its window.

import { mount } from "svelte";
import "../lib/style/base.css";
import "../lib/style/control.css";
import { connect } from "../lib/ipc/backend";
import Settings from "./Settings.svelte";

void connect().then((backend) => {
  const target = document.getElementById("app");
  if (target === null) throw new Error("settings.html has no #app");
  mount(Settings, { target, props: { backend } });
});
