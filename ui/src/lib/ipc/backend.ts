// What the pages ask of the program behind them. `tauri.ts` is the real one, `fake/` one for a plain browser.
//
// Invariant: a call rejects with an `ErrorView` and nothing else.

import type {
  ErrorView,
  ExportFormat,
  HistoryView,
  How,
  Page,
  PerformanceView,
  SessionView,
  SettingsPatch,
  SettingsView,
  StatusView,
} from "./bindings";
import { tauriBackend } from "./tauri";

/** Ends a subscription. */
export type Unsubscribe = () => void;

export interface PopupBackend {
  getSession(): Promise<SessionView>;
  changeQuery(query: string, revision: number): Promise<SessionView>;
  selectSuggestion(index: number): Promise<SessionView>;
  acceptSuggestion(how: How): Promise<SessionView>;
  /** Asks the language model about the question in the field. */
  askModel(): Promise<SessionView>;
  escape(): Promise<SessionView>;
  /** The page has drawn since it was shown; one that does not is shown again. */
  reportPainted(): Promise<SessionView>;
  /** The page has drawn the answer to a question, so many microseconds after the key that asked it. */
  reportDisplayed(revision: number, micros: number): Promise<SessionView>;
  dismissNotice(code: string): Promise<SessionView>;
  openSettings(page: Page): Promise<SessionView>;
  /** The session changed on its own: shown, hidden, or a receipt that came late. */
  onSessionChanged(listener: (session: SessionView) => void): Unsubscribe;
  /** The window is on the screen and wants its field focused. */
  onPopupShown(listener: () => void): Unsubscribe;
}

export interface SettingsBackend {
  getSettings(): Promise<SettingsView>;
  updateSettings(patch: SettingsPatch): Promise<SettingsView>;
  getStatus(): Promise<StatusView>;
  getPerformance(hours: number): Promise<PerformanceView>;
  /** Writes every number into a file and says where that is. */
  exportTelemetry(format: ExportFormat): Promise<string>;
  deleteTelemetry(): Promise<unknown>;
  getHistory(limit: number): Promise<HistoryView[]>;
  deleteHistory(): Promise<unknown>;
  onSettingsChanged(listener: (settings: SettingsView) => void): Unsubscribe;
}

export type Backend = PopupBackend & SettingsBackend;

/** Makes an `ErrorView` of whatever was thrown, so that a page can show it. */
export function failure(thrown: unknown): ErrorView {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    const hint = "hint" in thrown && typeof thrown.hint === "string" ? thrown.hint : null;
    return { code: String(thrown.code), message: String(thrown.message), hint };
  }
  return { code: "unreachable", message: `the program did not answer: ${String(thrown)}`, hint: null };
}

/** The backend of this page: the app's when the page runs in it. */
export async function connect(): Promise<Backend> {
  // The fake is left out of what ships: the condition is a constant of the build.
  if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
    return (await import("./fake/backend")).fakeBackend();
  }
  return tauriBackend();
}
