// Starts the popup in its window.

import { mount } from "svelte";
import "../lib/style/base.css";
import { connect } from "../lib/ipc/backend";
import Popup from "./Popup.svelte";

void connect().then((backend) => {
  const target = document.getElementById("app");
  if (target === null) throw new Error("popup.html has no #app");
  mount(Popup, { target, props: { backend } });
});
