// The fake's popup session: the same steps as the app's, without a clipboard or a terminal.

import type {
  AnswerView,
  Changed,
  How,
  Language,
  NoticeView,
  WordView,
  ReceiptView,
  SessionView,
  Step,
  SuggestionView,
  Theme,
  ThinkingView,
} from "../bindings";
import { answer, edited, filled, written } from "./answers";

const unchanged = { changed: null, wanted: null } as const;

export class FakeSession {
  #view: SessionView;
  #asked: How | null = null;
  /** The chosen suggestion as it was proposed, while it is changed. */
  #proposed: SuggestionView | null = null;
  #values: Record<string, string> = {};
  #recalled = 0;
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
      changed: null,
      wanted: null,
      parts: null,
      earlier: null,
      followUps: [],
      recalled: false,
      pinned: false,
      phase: "editing",
      receipt: null,
      target,
      notices,
      theme,
      language: "en",
      private: false,
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
    this.#forget();
    const found: AnswerView | null = query.trim() === "" ? null : answer(query);
    return this.#become({
      query,
      revision,
      answer: found,
      thinking: null,
      selected: 0,
      recalled: false,
      ...unchanged,
      phase: "editing",
      receipt: null,
    });
  }

  /** Goes through what was asked, the newest first. */
  recall(step: Step): SessionView {
    if (!this.#view.recalled && (step === "newer" || this.#view.query !== "")) return this.#view;
    const place = this.#view.recalled ? this.#recalled + (step === "older" ? 1 : -1) : 0;
    const revision = this.#view.revision + 1;
    if (place < 0) return this.changeQuery("", revision);
    const asked = ["undo the last commit", "list files"];
    this.#recalled = Math.min(place, asked.length - 1);
    this.changeQuery(asked[this.#recalled] ?? "", revision);
    return this.#become({ recalled: true });
  }

  togglePin(): SessionView {
    return this.#become({ pinned: !this.#view.pinned });
  }

  fill(name: string, value: string, revision: number): SessionView {
    const proposed = this.#proposed ?? this.#chosen();
    if (proposed === undefined || revision <= this.#view.revision) return this.#view;
    this.#values = { ...this.#values, [name]: value };
    return this.#change("filled", filled(proposed, this.#values), revision);
  }

  beginEdit(): SessionView {
    const chosen = this.#chosen();
    if (chosen === undefined) return this.#view;
    return this.#change("edited", edited(chosen, chosen.command), this.#view.revision);
  }

  editCommand(command: string, revision: number): SessionView {
    const chosen = this.#chosen();
    if (chosen === undefined || revision <= this.#view.revision) return this.#view;
    return this.#change("edited", edited(chosen, command), revision);
  }

  takeSafer(): SessionView {
    const chosen = this.#chosen();
    if (chosen === undefined || chosen.safer === null) return this.#view;
    return this.#change("safer", edited(chosen, chosen.safer), this.#view.revision + 1);
  }

  toggleExplanation(): SessionView {
    return this.#become({ parts: this.#view.parts === null ? this.#explained() : null });
  }

  #explained(): WordView[] {
    const words = (this.#chosen()?.command ?? "").split(" ");
    return words.map((text, index) => ({
      text,
      meaning: index === 0 ? "a program" : "an argument",
      depth: index && 1,
    }));
  }

  #chosen(): SuggestionView | undefined {
    return this.#view.answer?.suggestions[this.#view.selected];
  }

  #change(changed: Changed, suggestion: SuggestionView, revision: number): SessionView {
    const { answer: known, selected } = this.#view;
    if (known === null) return this.#view;
    this.#proposed ??= this.#chosen() ?? null;
    const suggestions = known.suggestions.with(selected, suggestion);
    this.#become({
      answer: { ...known, suggestions },
      changed,
      revision,
      wanted: null,
      receipt: null,
      phase: "editing",
    });
    return this.#view.parts === null ? this.#view : this.#become({ parts: this.#explained() });
  }

  /** Back to what was proposed. */
  #unchange(): SessionView {
    const proposed = this.#proposed;
    this.#forget();
    const { answer: known, selected } = this.#view;
    if (proposed === null || known === null) return this.#become(unchanged);
    return this.#become({
      answer: { ...known, suggestions: known.suggestions.with(selected, proposed) },
      ...unchanged,
    });
  }

  #forget(): void {
    this.#proposed = null;
    this.#values = {};
  }

  select(index: number): SessionView {
    this.#unchange();
    const last = (this.#view.answer?.suggestions.length ?? 0) - 1;
    return this.#become({ selected: Math.max(0, Math.min(index, last)), phase: "editing", receipt: null });
  }

  accept(how: How): SessionView {
    const chosen = this.#view.answer?.suggestions[this.#view.selected];
    if (chosen === undefined) return this.#view;
    if (chosen.decision === "refuse") {
      return this.#become({ receipt: receipt("refused", chosen.reasons[0]?.message ?? null), phase: "editing" });
    }
    const missing = chosen.fields.find(({ value }) => value === "");
    if (missing !== undefined) return this.#become({ wanted: missing.name });
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
    if (this.#view.changed !== null) return this.#unchange();
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
