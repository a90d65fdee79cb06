// The fake's models: three to be had, whose files come as fast as a test says.

import type { ModelsView, ModelView, SettingsView, WorkStage, WorkView } from "../bindings";

const MB = 1_000_000;

function model(id: string, size: number, goodFor: string, rest: Partial<ModelView> = {}): ModelView {
  return {
    id,
    state: "available",
    inUse: false,
    recommended: false,
    size,
    begun: 0,
    license: "Apache-2.0",
    goodFor,
    repository: `example/${id}`,
    tokensPerS: null,
    work: null,
    failed: null,
    verified: false,
    ...rest,
  };
}

export class FakeLibrary {
  readonly changed = new Set<() => void>();
  readonly progressed = new Set<(work: WorkView) => void>();
  #models: ModelView[] = [
    model("smollm-135m", 92 * MB, "a first try on a small machine"),
    model("qwen2.5-coder-0.5b", 398 * MB, "shell commands, fast", { state: "installed", tokensPerS: 41 }),
    model("qwen2.5-coder-1.5b", 986 * MB, "shell commands, the best for its size", { recommended: true }),
  ];

  constructor(private readonly chosen: (id: string) => void) {}

  view({ model: inUse, remoteModel }: SettingsView): ModelsView {
    return {
      folder: "/home/ada/.local/share/caro/models",
      models: this.#models.map((entry) => ({ ...entry, inUse: entry.id === inUse })),
      asked: inUse ?? remoteModel,
      hasKey: false,
    };
  }

  pull(id: string): void {
    this.#work(id, "coming", 0);
  }

  verify(id: string): void {
    this.#work(id, "checking", 0);
  }

  stop(id: string, then: "keep" | "delete"): void {
    const done = then === "keep" ? (this.#find(id).work?.done ?? 0) : 0;
    this.#become(id, { work: null, begun: done, state: done > 0 ? "begun" : "available" });
  }

  remove(id: string): void {
    this.#become(id, { state: "available", begun: 0, verified: false });
  }

  use(id: string): void {
    this.chosen(id);
  }

  /** More has come. */
  come(id: string, done: number): void {
    const work: WorkView = { id, stage: "coming", done, size: this.#find(id).size };
    this.#models = this.#models.map((entry) => (entry.id === id ? { ...entry, work } : entry));
    for (const listener of this.progressed) listener(work);
  }

  /** The work ends well. */
  end(id: string): void {
    const verified = this.#find(id).work?.stage === "checking";
    this.#become(id, { work: null, begun: 0, state: "installed", verified });
  }

  /** It does not. */
  fail(id: string, code: string, message: string): void {
    this.#become(id, { work: null, failed: { code, message, hint: "try again" } });
  }

  #work(id: string, stage: WorkStage, done: number): void {
    this.#become(id, { work: { id, stage, done, size: this.#find(id).size }, failed: null });
  }

  #find(id: string): ModelView {
    const found = this.#models.find((entry) => entry.id === id);
    if (found === undefined) throw new Error(`no model ${id}`);
    return found;
  }

  #become(id: string, change: Partial<ModelView>): void {
    this.#models = this.#models.map((entry) => (entry.id === id ? { ...entry, ...change } : entry));
    for (const listener of this.changed) listener();
  }
}
