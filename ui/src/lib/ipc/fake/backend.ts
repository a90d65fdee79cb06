// A backend for a plain browser: `npm run dev` and the tests run the whole UI against it.
//
// The address chooses a state to look at: `popup.html?theme=dark&notice`, `settings.html?empty`.

import type { Backend } from "../backend";
import type { HistoryView, Language, NoticeView, SessionView, SettingsView, StatusView, Theme } from "../bindings";
import { emptyPerformance, performance } from "./measurement";
import { FakeSession } from "./session";

const taken: NoticeView = {
  code: "hotkey-taken",
  message: "another program has the hotkey Ctrl+Alt+Space",
  hint: "choose a free one in the settings: Ctrl+Alt+C",
};

const free = ["Ctrl+Alt+C", "Ctrl+Shift+Space", "Super+Space"];

export type FakeBackend = Backend & {
  session: FakeSession;
  /** Shows the popup the way the hotkey does. */
  show(): void;
};

export function fakeBackend(search = new URLSearchParams(location.search)): FakeBackend {
  const theme = (search.get("theme") ?? "system") as Theme;
  const notices = search.has("notice") ? [taken] : [];
  const session = new FakeSession(theme, notices, search.get("model"));
  session.onChange = (view) => sessionListeners.forEach((listener) => listener(view));
  const sessionListeners = new Set<(session: SessionView) => void>();
  const shownListeners = new Set<() => void>();
  const settingsListeners = new Set<(settings: SettingsView) => void>();
  let settings: SettingsView = {
    hotkey: "Ctrl+Alt+Space",
    hotkeyPaused: false,
    theme,
    language: search.get("language") as Language | null,
    hideOnBlur: true,
    shell: null,
    telemetry: true,
    history: true,
  };
  session.speak(settings.language ?? "en");
  let measured = !search.has("empty");
  let history: HistoryView[] = measured ? exampleHistory() : [];

  const show = (): void => {
    const shown = session.show();
    for (const listener of sessionListeners) listener(shown);
    for (const listener of shownListeners) listener();
  };
  const subscribe = <T>(listeners: Set<T>, listener: T) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  return {
    session,
    show,
    getSession: async () => session.view(),
    changeQuery: async (query, revision) => session.changeQuery(query, revision),
    selectSuggestion: async (index) => session.select(index),
    acceptSuggestion: async (how) => session.accept(how),
    askModel: async () => session.askModel(),
    escape: async () => session.escape(),
    reportPainted: async () => session.view(),
    dismissNotice: async (code) => session.dismiss(code),
    openSettings: async (page) => {
      location.assign(`settings.html?theme=${settings.theme}#${page}`);
      return session.view();
    },
    onSessionChanged: (listener) => subscribe(sessionListeners, listener),
    onPopupShown: (listener) => subscribe(shownListeners, listener),

    getSettings: async () => settings,
    updateSettings: async (patch) => {
      if (patch.hotkey === "Ctrl+Alt+T") {
        throw { code: "hotkey-taken", message: "another program has Ctrl+Alt+T", hint: `free: ${free.join(", ")}` };
      }
      settings = { ...settings, ...(patch as Partial<SettingsView>) };
      session.theme(settings.theme);
      session.speak(settings.language ?? "en");
      for (const listener of settingsListeners) listener(settings);
      return settings;
    },
    getStatus: async (): Promise<StatusView> => ({
      version: "0.1.0",
      os: "linux",
      language: settings.language ?? "en",
      session: "x11",
      hotkey: {
        binding: settings.hotkey,
        state: settings.hotkeyPaused ? "paused" : search.has("notice") ? "taken" : "live",
        free,
      },
      trayAvailable: !search.has("notice"),
      notices,
      dataFolder: "/home/ada/.local/share/caro",
      configFolder: "/home/ada/.config/caro",
    }),
    getPerformance: async (hours) =>
      measured
        ? { ...performance(hours, Math.floor(Date.now() / 1000)), enabled: settings.telemetry }
        : emptyPerformance(hours, settings.telemetry),
    deleteTelemetry: async () => {
      measured = false;
    },
    getHistory: async (limit) => history.slice(0, limit),
    deleteHistory: async () => {
      history = [];
    },
    onSettingsChanged: (listener) => subscribe(settingsListeners, listener),
  };
}

function exampleHistory(): HistoryView[] {
  const now = Math.floor(Date.now() / 1000);
  return [
    {
      query: "find large files over 100MB",
      command: "find . -type f -size +100M",
      risk: "safe",
      outcome: "copied",
      unixS: now - 240,
    },
    {
      query: "undo the last commit",
      command: "git reset --soft HEAD~1",
      risk: "caution",
      outcome: "inserted",
      unixS: now - 5400,
    },
    {
      query: "delete all log files",
      command: "find . -type f -name '*.log' -delete",
      risk: "dangerous",
      outcome: "copied",
      unixS: now - 90_000,
    },
    {
      query: "delete everything",
      command: "rm -rf /",
      risk: "blocked",
      outcome: "refused",
      unixS: now - 180_000,
    },
  ];
}
