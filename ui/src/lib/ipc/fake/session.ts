// The fake's popup session: the same steps as the app's, without a clipboard or a terminal.

import type { AnswerView, How, Language, NoticeView, ReceiptView, SessionView, Theme, ThinkingView } from "../bindings";
import { answer, written } from "./answers";

export class FakeSession {
  #view: SessionView;
  #asked: How | null = null;
  /** What was accepted, oldest first. */
  readonly accepted: { how: How; command: string }[] = [];

  /** Told what changes without having been asked for. */
  onChange: (view: SessionView) => void = () => {};

  constructor(theme: Theme, notices: NoticeView[] = [], model: string | null = null) {
    const target = "xterm";
    this.#view = {
      revision: 0,
      query: "",
      answer: null,
      model,
      thinking: null,
      selected: 0,
      phase: "editing",
      receipt: null,
      target,
      notices,
      theme,
      language: "en",
    };
  }

  view(): SessionView {
    return this.#view;
  }

  show(): SessionView {
    return this.#become({ phase: "editing" });
  }

  theme(theme: Theme): SessionView {
    return this.#become({ theme });
  }

  speak(language: Language): SessionView {
    return this.#become({ language });
  }

  changeQuery(query: string, revision: number): SessionView {
    if (revision < this.#view.revision) return this.#view;
    const found: AnswerView | null = query.trim() === "" ? null : answer(query);
    return this.#become({
      query,
      revision,
      answer: found,
      thinking: null,
      selected: 0,
      phase: "editing",
      receipt: null,
    });
  }

  select(index: number): SessionView {
    const last = (this.#view.answer?.suggestions.length ?? 0) - 1;
    return this.#become({ selected: Math.max(0, Math.min(index, last)), phase: "editing", receipt: null });
  }

  accept(how: How): SessionView {
    const chosen = this.#view.answer?.suggestions[this.#view.selected];
    if (chosen === undefined) return this.#view;
    if (chosen.decision === "refuse") {
      return this.#become({ receipt: receipt("refused", chosen.reasons[0]?.message ?? null), phase: "editing" });
    }
    const again = this.#view.phase === "confirming" && this.#asked === how;
    if (chosen.decision === "confirm" && !again) {
      this.#asked = how;
      return this.#become({ phase: "confirming", receipt: null });
    }
    this.accepted.push({ how, command: chosen.command });
    return this.#become({ phase: "hidden", receipt: receipt(how === "copy" ? "copied" : "inserted", null) });
  }

  askModel(): SessionView {
    const { answer: known, model, thinking } = this.#view;
    if (model === null || thinking !== null || known === null || known.suggestions.length > 0 || known.thought) {
      return this.#view;
    }
    return this.#become({ thinking: { stage: "loading", permille: 0, command: "" } });
  }

  /** The app changes something by itself. */
  become(change: Partial<SessionView>): void {
    this.onChange(this.#become(change));
  }

  /** The model goes on. */
  think(thinking: ThinkingView): void {
    this.onChange(this.#become({ thinking }));
  }

  /** The model is done; without a command it does not know. */
  thought(command: string | null): void {
    const known = this.#view.answer;
    if (known === null) return;
    const suggestions = command === null ? [] : [written(command)];
    const tier = command === null ? "none" : "embedded";
    this.onChange(this.#become({ thinking: null, answer: { ...known, suggestions, tier, thought: true } }));
  }

  escape(): SessionView {
    if (this.#view.thinking !== null) return this.#become({ thinking: null });
    if (this.#view.phase === "confirming") return this.#become({ phase: "editing" });
    if (this.#view.query !== "") {
      return this.#become({ query: "", answer: null, selected: 0, receipt: null });
    }
    return this.#become({ phase: "hidden" });
  }

  dismiss(code: string): SessionView {
    return this.#become({ notices: this.#view.notices.filter((notice) => notice.code !== code) });
  }

  #become(change: Partial<SessionView>): SessionView {
    this.#view = { ...this.#view, ...change };
    return this.#view;
  }
}

function receipt(outcome: ReceiptView["outcome"], reason: string | null): ReceiptView {
  if (outcome === "inserted") return { outcome, channel: "xtest", target: "xterm", reason };
  return { outcome, channel: outcome === "copied" ? "clipboard" : null, target: null, reason };
}
