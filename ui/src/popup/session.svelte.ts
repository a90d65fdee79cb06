// What the popup shows and what its keys do. The session itself lives in the app; this holds the latest view of it.
//
// Invariant: a view of an older revision than the text in the field is never shown, so a slow answer cannot replace a newer
// one. Each edit costs one call and one render.

import { failure, type PopupBackend } from "../lib/ipc/backend";
import type { How, NoticeView, Page, SessionView, SuggestionView } from "../lib/ipc/bindings";

const blank: SessionView = {
  revision: 0,
  query: "",
  answer: null,
  model: null,
  thinking: null,
  selected: 0,
  phase: "hidden",
  receipt: null,
  target: null,
  notices: [],
  theme: "system",
  language: "en",
};

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
    if (this.content === "nearest") return (this.view.answer?.nearest ?? []).map((near) => near.example);
    return this.content === "examples" ? examples : [];
  });
  /** The language model that Enter would ask. */
  readonly asks: string | null = $derived(
    this.content === "nearest" && this.view.answer?.thought === false ? this.view.model : null,
  );
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

  /** Moves the choice by one row, in the answer or among the offers. */
  async move(step: 1 | -1): Promise<void> {
    if (this.content === "thinking") return;
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

  painted(): Promise<void> {
    return this.#take(this.backend.reportPainted());
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
    if (view.query !== this.view.query) this.picked = -1;
    this.#revision = view.revision;
    // While an edit is on its way, the field is ahead of every view.
    if (this.#asking === 0) this.text = view.query;
    this.view = view;
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
