// Mounts a page over the fake backend and acts on it the way a person does.

import { flushSync, mount, tick, unmount, type Component } from "svelte";
import { afterEach } from "vitest";
import { fakeBackend, type FakeBackend } from "../src/lib/ipc/fake/backend";
import type { PopupBackend } from "../src/lib/ipc/backend";
import Popup from "../src/popup/Popup.svelte";
import Settings from "../src/settings/Settings.svelte";

let mounted: Record<string, unknown> | undefined;

afterEach(async () => {
  if (mounted !== undefined) await unmount(mounted);
  mounted = undefined;
  document.body.replaceChildren();
});

/** Lets every answer that is on its way arrive. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    await Promise.resolve();
    await tick();
  }
}

async function show<Props extends Record<string, unknown>>(page: Component<Props>, props: Props): Promise<void> {
  mounted = mount(page, { target: document.body, props });
  flushSync();
  await settle();
}

export async function popup(search = "", change: (backend: FakeBackend) => Partial<PopupBackend> = () => ({})) {
  const backend = fakeBackend(new URLSearchParams(search));
  // Nobody has asked anything before, unless a test says so.
  await show(Popup, { backend: { ...backend, findHistory: async () => [], ...change(backend) } });
  return backend;
}

export async function settings(search = "", page = "general"): Promise<FakeBackend> {
  location.hash = page;
  const backend = fakeBackend(new URLSearchParams(search));
  await show(Settings, { backend });
  return backend;
}

/** The one element of a selector; the test fails here when there is none. */
export function find<E extends HTMLElement = HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (found === null) throw new Error(`no ${selector} in ${document.body.innerHTML}`);
  return found;
}

export function all(selector: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(selector)];
}

/** The text as it reads: runs of spaces and line breaks are one space. */
export function text(selector: string): string {
  return (find(selector).textContent ?? "").replace(/\s+/g, " ").trim();
}

export async function type(query: string): Promise<void> {
  const field = find<HTMLInputElement>("#query");
  field.value = query;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await settle();
}

export function keydown(key: string, init: KeyboardEventInit = {}): void {
  const event = new KeyboardEvent("keydown", { key, code: key, bubbles: true, cancelable: true, ...init });
  (document.activeElement ?? document.body).dispatchEvent(event);
}

/** A key pressed and let go. */
export async function press(key: string, init: KeyboardEventInit = {}): Promise<void> {
  keydown(key, init);
  await settle();
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true, ...init }));
  await settle();
}

export async function click(selector: string): Promise<void> {
  find(selector).click();
  await settle();
}
