// What the popup shows and what its keys do. The session itself lives in the app; this holds the latest view of it.
//
// Invariant: a view of an older revision than the text in the field is never shown, so a slow answer cannot replace a newer
// one. Each edit costs one call and one render.

import { failure, type PopupBackend } from "../lib/ipc/backend";
import type { FieldView, HistoryView, How, NoticeView, Page, SessionView, SuggestionView } from "../lib/ipc/bindings";

const blank: SessionView = {
  revision: 0,
  query: "",
  answer: null,
  model: null,
  thinking: null,
  selected: 0,
  changed: null,
  wanted: null,
  parts: null,
  earlier: null,
  followUps: [],
  recalled: false,
  pinned: false,
  phase: "hidden",
  receipt: null,
  target: null,
  notices: [],
  theme: "system",
  language: "en",
  private: false,
};

/** More would push the examples out of sight. */
const PAST = 3;
/** The intent of a command that was made of the one before. */
const followUp = "refine.follow-up";

/** Questions that show what can be asked. Each has an answer from the rules alone. */
export const examples = [
  "find large files over 100MB",
  "what is using port 8080",
  "undo the last commit",
  "make a folder called photos",
];

/** What the middle of the popup is filled with. */
export type Content = "examples" | "answer" | "nearest" | "thinking";

export class PopupSession {
  view: SessionView = $state.raw(blank);
  /** The text in the field; ahead of `view.query` while an answer is on its way. */
  text = $state("");
  /** The chosen row of the examples or the nearest questions; -1 while none is. */
  picked = $state(-1);
  /** How the last acceptance was asked for; what a confirmation repeats. */
  how: How = $state("copy");
  /** What was asked before and begins with the words in the field, the favorites first. */
  past: HistoryView[] = $state.raw([]);
  #looks = 0;
  /** The command in the editor; ahead of the view while its judgement is on its way. */
  command = $state("");
  /** What is typed into the fields of the command, likewise ahead. */
  #values: Record<string, string> = $state({});
  #failed: NoticeView | null = $state.raw(null);
  #revision = 0;
  #typed: Promise<void> = Promise.resolve();
  /** Edits whose answer is on its way. */
  #asking = 0;

  readonly content: Content = $derived.by(() => {
    const { answer, query, thinking } = this.view;
    if (thinking !== null) return "thinking";
    if (answer === null || query.trim() === "") return "examples";
    return answer.suggestions.length > 0 ? "answer" : "nearest";
  });
  readonly suggestions: SuggestionView[] = $derived(
    this.content === "answer" ? (this.view.answer?.suggestions ?? []) : [],
  );
  readonly chosen: SuggestionView | null = $derived(this.suggestions[this.view.selected] ?? null);
  /** Questions to fill the field with, when there is no answer to choose. */
  readonly offers: string[] = $derived.by(() => {
    const known = (offers: string[]): string[] =>
      [...this.past.map((entry) => entry.query), ...offers].filter((offer, at, all) => all.indexOf(offer) === at);
    if (this.content === "nearest") return known((this.view.answer?.nearest ?? []).map((near) => near.example));
    if (this.content !== "examples") return [];
    return [...this.view.followUps, ...known(examples)].slice(0, examples.length + PAST);
  });
  /** The language model that Enter would ask. */
  readonly asks: string | null = $derived(
    this.content === "nearest" && this.view.answer?.thought === false ? this.view.model : null,
  );
  /** The chosen command when it has fields or is being written: it is no row of the list then. */
  readonly form: SuggestionView | null = $derived(
    this.view.changed === "edited" || (this.chosen?.fields.length ?? 0) > 0 ? this.chosen : null,
  );
  /** The question that the chosen command follows on from. */
  readonly follows: string | null = $derived(this.chosen?.intent === followUp ? this.view.earlier : null);
  readonly notices: NoticeView[] = $derived(
    this.#failed === null ? this.view.notices : [this.#failed, ...this.view.notices],
  );

  constructor(private readonly backend: PopupBackend) {}

  /** Takes the session as it is and follows it from here on. */
  start(): () => void {
    void this.#take(this.backend.getSession());
    return this.backend.onSessionChanged((view) => this.#show(view));
  }

  /** The text in the field changed. */
  edit(text: string): Promise<void> {
    if (text === this.text) return this.#typed;
    this.text = text;
    this.#asking += 1;
    this.#typed = this.#take(this.#ask(text).finally(() => (this.#asking -= 1)));
    return this.#typed;
  }

  async #ask(text: string): Promise<SessionView> {
    const view = await this.backend.changeQuery(text, ++this.#revision);
    // The session may have counted on by itself meanwhile (Escape, a new showing), and then took the edit for a late one.
    if (this.text !== text || view.query === text) return view;
    this.#revision = Math.max(this.#revision, view.revision) + 1;
    return this.backend.changeQuery(text, this.#revision);
  }

  /** What is in a field. */
  typed(field: FieldView): string {
    return this.#values[field.name] ?? field.value;
  }

  /** A field of the command gets a value. */
  async fill(name: string, value: string): Promise<void> {
    this.#values = { ...this.#values, [name]: value };
    await this.#change((revision) => this.backend.fillBlank(name, value, revision));
    if (this.#asking === 0) this.#values = {};
  }

  /** Opens the chosen command for changes. */
  async beginEdit(): Promise<void> {
    await this.#typed;
    if (this.chosen !== null) await this.#take(this.backend.beginEdit());
  }

  editCommand(command: string): Promise<void> {
    return this.#change((revision) => this.backend.editCommand(command, revision));
  }

  /** The safer command instead of the chosen one. */
  async takeSafer(): Promise<void> {
    await this.#typed;
    if (this.chosen !== null && this.chosen.safer !== null) await this.#take(this.backend.takeSafer());
  }

  togglePin(): Promise<void> {
    return this.#take(this.backend.togglePin());
  }

  drag(): Promise<void> {
    return this.#take(this.backend.dragPopup());
  }

  toggleExplanation(): Promise<void> {
    return this.#take(this.backend.toggleExplanation());
  }

  #change(call: (revision: number) => Promise<SessionView>): Promise<void> {
    const ask = async (): Promise<SessionView> => {
      const revision = ++this.#revision;
      const view = await call(revision);
      // It was late for a session that had counted on by itself.
      if (view.revision <= revision || revision !== this.#revision) return view;
      this.#revision = view.revision + 1;
      return call(this.#revision);
    };
    this.#asking += 1;
    this.#typed = this.#take(ask().finally(() => (this.#asking -= 1)));
    return this.#typed;
  }

  /** Whether the arrow keys go through earlier questions; any other key gives them back to the list. */
  #recalling = false;

  /** A key that is no arrow was pressed. */
  settle(): void {
    this.#recalling = false;
  }

  /** Moves the choice by one row, in the answer or among the offers; up from an empty field are the earlier questions. */
  async move(step: 1 | -1): Promise<void> {
    if (this.content === "thinking") return;
    const recalls = this.#recalling && this.view.recalled;
    if (recalls || (step === -1 && this.text === "" && this.picked < 0)) {
      this.#recalling = true;
      await this.#take(this.backend.recallQuestion(step === -1 ? "older" : "newer"));
      return;
    }
    if (this.content === "answer") {
      const index = clamp(this.view.selected + step, 0, this.suggestions.length - 1);
      if (index !== this.view.selected) await this.select(index);
    } else {
      this.picked = clamp(this.picked + step, -1, this.offers.length - 1);
    }
  }

  select(index: number): Promise<void> {
    return this.#take(this.backend.selectSuggestion(index));
  }

  /** Accepts what is chosen; a chosen offer fills the field instead. */
  async accept(how: How): Promise<void> {
    const revision = this.#revision;
    // The answer on the screen may be to an earlier text: what is accepted is the answer to what is in the field.
    await this.#typed;
    if (revision !== this.#revision) return;
    const offer = this.offers[this.picked];
    if (offer !== undefined) {
      await this.edit(offer);
    } else if (this.chosen !== null) {
      this.how = how;
      await this.#take(this.backend.acceptSuggestion(how));
    } else {
      await this.askModel();
    }
  }

  /** Asks the language model, when there is one to ask. */
  async askModel(): Promise<void> {
    if (this.asks !== null) await this.#take(this.backend.askModel());
  }

  async escape(): Promise<void> {
    await this.#typed;
    await this.#take(this.backend.escape());
  }

  async dismiss(code: string): Promise<void> {
    if (this.#failed?.code === code) this.#failed = null;
    else await this.#take(this.backend.dismissNotice(code));
  }

  /** Reports how long after its key, at `since` of this page, the answer on the screen was drawn. */
  drawn(since: number): void {
    const revision = this.view.revision;
    // The callback of a frame runs before it is painted, a task after it.
    requestAnimationFrame(() =>
      setTimeout(() => {
        const micros = Math.round((performance.now() - since) * 1000);
        // A number that is not counted is no news for anybody.
        if (micros > 0) this.backend.reportDisplayed(revision, micros).catch(() => undefined);
      }),
    );
  }

  painted(): Promise<void> {
    return this.#take(this.backend.reportPainted());
  }

  /** Looks what was asked before; nothing when it cannot be read. */
  async lookBack(): Promise<void> {
    const look = ++this.#looks;
    const known = this.content === "examples" || this.content === "nearest";
    const found = known ? await this.backend.findHistory(this.view.query, PAST).catch(() => []) : [];
    if (look === this.#looks) this.past = found;
  }

  /** Ends private mode, or begins it. */
  async togglePrivate(): Promise<void> {
    await this.backend.setPrivate(!this.view.private);
  }

  openSettings(page: Page): Promise<void> {
    return this.#take(this.backend.openSettings(page));
  }

  async #take(call: Promise<SessionView>): Promise<void> {
    try {
      this.#show(await call);
      this.#failed = null;
    } catch (thrown) {
      this.#failed = failure(thrown);
    }
  }

  #show(view: SessionView): void {
    if (view.revision < this.#revision) return;
    const asked = view.query !== this.view.query;
    if (asked) this.picked = -1;
    if (view.changed === "edited" && this.view.changed !== "edited") {
      this.command = view.answer?.suggestions[view.selected]?.command ?? "";
    }
    this.#revision = view.revision;
    // While an edit is on its way, the field is ahead of every view.
    if (this.#asking === 0) this.text = view.query;
    this.view = view;
    if (asked) void this.lookBack();
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
