// A backend for a plain browser: `npm run dev` and the tests run the whole UI against it.
//
// The address chooses a state to look at: `popup.html?theme=dark&notice`, `settings.html?empty`.

import type { Backend } from "../backend";
import type {
  HotkeyView,
  Language,
  NoticeView,
  PolicyView,
  SessionView,
  SettingsView,
  StatusView,
  Theme,
} from "../bindings";
import { fakeHistory } from "./history";
import { emptyPerformance, performance } from "./measurement";
import { FakeLibrary } from "./library";
import { FakeSession } from "./session";

const taken: NoticeView = {
  code: "hotkey-taken",
  message: "another program has the hotkey Ctrl+Alt+Space",
  hint: "choose a free one in the settings: Ctrl+Alt+C",
};

const free = ["Ctrl+Alt+C", "Ctrl+Shift+Space", "Super+Space"];

const examplePolicy: PolicyView = {
  file: "/home/ada/.config/caro/policy.toml",
  levels: [{ rule: "git.push-force", risk: "blocked" }],
  allowances: [
    {
      rule: "delete.recursive",
      command: "rm -rf target",
      folder: "/home/ada/src/caro",
      until: "2027-01-31",
      reason: "build output",
      expired: false,
    },
  ],
  problems: ['7:1: there is no rule called "delete.everything"'],
};

export type FakeBackend = Backend & {
  library: FakeLibrary;
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
    hotkeyClipboard: null,
    hotkeyRepeat: "Ctrl+Alt+R",
    hotkeyPaused: false,
    hotkeyIgnored: [],
    hotkeyFullScreen: false,
    theme,
    language: search.get("language") as Language | null,
    hideOnBlur: true,
    shell: null,
    telemetry: true,
    history: true,
    historyEntries: 10_000,
    historyDays: null,
    private: false,
    model: null,
    modelIdleMinutes: 10,
    modelConfidence: 40,
    modelFirst: "embedded",
    remoteUrl: null,
    remoteModel: null,
  };
  let startsAtLogin = false;
  const library = new FakeLibrary((id) => {
    settings = { ...settings, model: id };
    for (const listener of settingsListeners) listener(settings);
  });
  session.speak(settings.language ?? "en");
  let measured = !search.has("empty");
  const past = fakeHistory(measured);

  const show = (): void => {
    const shown = session.show();
    for (const listener of sessionListeners) listener(shown);
    for (const listener of shownListeners) listener();
  };
  const extra = (binding: string | null): HotkeyView => ({
    binding: binding ?? "",
    state: binding === null ? "unset" : settings.hotkeyPaused ? "paused" : "live",
    free: [],
  });
  const subscribe = <T>(listeners: Set<T>, listener: T) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  return {
    session,
    library,
    show,
    getSession: async () => session.view(),
    changeQuery: async (query, revision) => session.changeQuery(query, revision),
    selectSuggestion: async (index) => session.select(index),
    acceptSuggestion: async (how) => session.accept(how),
    fillBlank: async (name, value, revision) => session.fill(name, value, revision),
    beginEdit: async () => session.beginEdit(),
    editCommand: async (command, revision) => session.editCommand(command, revision),
    takeSafer: async () => session.takeSafer(),
    recallQuestion: async (step) => session.recall(step),
    togglePin: async () => session.togglePin(),
    dragPopup: async () => session.view(),
    toggleExplanation: async () => session.toggleExplanation(),
    askModel: async () => session.askModel(),
    escape: async () => session.escape(),
    reportPainted: async () => session.view(),
    reportDisplayed: async () => session.view(),
    dismissNotice: async (code) => session.dismiss(code),
    openSettings: async (page) => {
      location.assign(`settings.html?theme=${settings.theme}#${page}`);
      return session.view();
    },
    setPrivate: async (isPrivate) => {
      settings = { ...settings, private: isPrivate };
      for (const listener of settingsListeners) listener(settings);
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
      hotkeyClipboard: extra(settings.hotkeyClipboard),
      hotkeyRepeat: extra(settings.hotkeyRepeat),
      startsAtLogin,
      trayAvailable: !search.has("notice"),
      notices,
      terminals: [
        { name: "xterm", channel: "xtest" },
        { name: "GNOME Terminal", channel: "xtest" },
        { name: "kitty", channel: "kitty" },
      ],
      dataFolder: "/home/ada/.local/share/caro",
      configFolder: "/home/ada/.config/caro",
    }),
    getPerformance: async (hours) =>
      measured
        ? { ...performance(hours, Math.floor(Date.now() / 1000)), enabled: settings.telemetry }
        : emptyPerformance(hours, settings.telemetry),
    exportTelemetry: async (format) => `/home/ada/Downloads/caro-performance-1800000000.${format}`,
    deleteTelemetry: async () => {
      measured = false;
    },
    ...past,
    getModels: async () => library.view(settings),
    pullModel: async (id) => library.pull(id),
    pauseModel: async (id) => library.stop(id, "keep"),
    cancelModel: async (id) => library.stop(id, "delete"),
    verifyModel: async (id) => library.verify(id),
    removeModel: async (id) => {
      if (settings.model === id) settings = { ...settings, model: null };
      library.remove(id);
    },
    useModel: async (id) => library.use(id),
    previewRemote: async (question) =>
      settings.remoteUrl === null ? null : JSON.stringify({ model: settings.remoteModel, question }, null, 2),
    getPolicy: async () => (measured ? examplePolicy : { ...examplePolicy, levels: [], allowances: [], problems: [] }),
    copyDiagnostics: async () => "caro: 0.1.0\nsystem: linux x86_64\n",
    setStartAtLogin: async (wanted) => {
      startsAtLogin = wanted;
    },
    onModelsChanged: (listener) => subscribe(library.changed, listener),
    onModelProgressed: (listener) => subscribe(library.progressed, listener),
    onSettingsChanged: (listener) => subscribe(settingsListeners, listener),
  };
}
