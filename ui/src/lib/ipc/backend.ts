// What the pages ask of the program behind them. `tauri.ts` is the real one, `fake/` one for a plain browser.
//
// Invariant: a call rejects with an `ErrorView` and nothing else.

import type {
  ErrorView,
  ExportFormat,
  HistoryView,
  How,
  ModelsView,
  Page,
  PerformanceView,
  PolicyView,
  SessionView,
  SettingsPatch,
  SettingsView,
  StatusView,
  Step,
  WorkView,
} from "./bindings";
import { tauriBackend } from "./tauri";

/** Ends a subscription. */
export type Unsubscribe = () => void;

export interface PopupBackend {
  getSession(): Promise<SessionView>;
  changeQuery(query: string, revision: number): Promise<SessionView>;
  selectSuggestion(index: number): Promise<SessionView>;
  acceptSuggestion(how: How): Promise<SessionView>;
  /** A blank of the chosen command gets a value, as it was typed. */
  fillBlank(name: string, value: string, revision: number): Promise<SessionView>;
  /** Opens the chosen command for changes. */
  beginEdit(): Promise<SessionView>;
  editCommand(command: string, revision: number): Promise<SessionView>;
  /** The safer command takes the place of the chosen one. */
  takeSafer(): Promise<SessionView>;
  /** Explains the chosen command word by word, or no longer. */
  toggleExplanation(): Promise<SessionView>;
  /** Brings an earlier question back, or a later one. */
  recallQuestion(step: Step): Promise<SessionView>;
  /** Keeps the popup on the screen, or no longer. */
  togglePin(): Promise<SessionView>;
  /** Lets the pointer, which is pressed, take the window along. */
  dragPopup(): Promise<SessionView>;
  /** Asks the language model about the question in the field. */
  askModel(): Promise<SessionView>;
  escape(): Promise<SessionView>;
  /** The page has drawn since it was shown; one that does not is shown again. */
  reportPainted(): Promise<SessionView>;
  /** The page has drawn the answer to a question, so many microseconds after the key that asked it. */
  reportDisplayed(revision: number, micros: number): Promise<SessionView>;
  dismissNotice(code: string): Promise<SessionView>;
  openSettings(page: Page): Promise<SessionView>;
  /** The entries with words that begin like those of `text`, the favorites first, then the newest. */
  findHistory(text: string, limit: number): Promise<HistoryView[]>;
  /** While private mode is on, nothing is kept. */
  setPrivate(isPrivate: boolean): Promise<unknown>;
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
  findHistory(text: string, limit: number): Promise<HistoryView[]>;
  pinHistory(id: number, pinned: boolean): Promise<unknown>;
  /** An empty name takes the name from the entry. */
  renameHistory(id: number, name: string): Promise<unknown>;
  deleteHistoryEntry(id: number): Promise<unknown>;
  deleteHistory(): Promise<unknown>;
  /** Writes every entry into a file; where it is. */
  exportHistory(): Promise<string>;
  getModels(): Promise<ModelsView>;
  /** Fetches a model, going on where an earlier try ended. */
  pullModel(id: string): Promise<unknown>;
  /** Stops what is done to a model; what has come is kept. */
  pauseModel(id: string): Promise<unknown>;
  /** Stops, and deletes what has come. */
  cancelModel(id: string): Promise<unknown>;
  verifyModel(id: string): Promise<unknown>;
  removeModel(id: string): Promise<unknown>;
  useModel(id: string): Promise<unknown>;
  /** What would be sent to the server for a question. */
  previewRemote(question: string): Promise<string | null>;
  getPolicy(): Promise<PolicyView>;
  /** Puts the diagnostics on the clipboard, and gives them. */
  copyDiagnostics(): Promise<string>;
  setStartAtLogin(wanted: boolean): Promise<unknown>;
  onModelsChanged(listener: () => void): Unsubscribe;
  onModelProgressed(listener: (work: WorkView) => void): Unsubscribe;
  onPopupShown(listener: () => void): Unsubscribe;
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
