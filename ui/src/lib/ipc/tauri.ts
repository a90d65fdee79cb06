// The app itself: commands and events over Tauri's IPC, as generated from the Rust side.

import type { Event, UnlistenFn } from "@tauri-apps/api/event";
import type { Backend, Unsubscribe } from "./backend";
import { commands, events } from "./bindings";

export function tauriBackend(): Backend {
  return {
    ...commands,
    onSessionChanged: (listener) => subscribe(events.sessionChanged, () => void commands.getSession().then(listener)),
    onPopupShown: (listener) => subscribe(events.popupShown, () => listener()),
    onModelsChanged: (listener) => subscribe(events.modelsChanged, () => listener()),
    onModelProgressed: (listener) => subscribe(events.modelProgressed, listener),
    onSettingsChanged: (listener) => subscribe(events.settingsChanged, listener),
  };
}

type Source<T> = { listen: (callback: (event: Event<T>) => void) => Promise<UnlistenFn> };

// The registration is asynchronous; ending it waits for it, so that an early end is not lost.
function subscribe<T>(source: Source<T>, listener: (payload: T) => void): Unsubscribe {
  const registered = source.listen(({ payload }) => listener(payload));
  return () => void registered.then((unlisten) => unlisten());
}
