// The language models as the pages show them: read anew when something changed, and followed while one is worked on.

import { failure, type SettingsBackend } from "../lib/ipc/backend";
import type { ModelsView, ModelView } from "../lib/ipc/bindings";
import type { SettingsState } from "./settings.svelte";

export class ModelList {
  view: ModelsView | null = $state.raw(null);

  constructor(
    private readonly backend: SettingsBackend,
    private readonly settings: SettingsState,
  ) {}

  start(): () => void {
    void this.read();
    const ends = [
      this.backend.onModelsChanged(() => void this.read()),
      // Which model is in use is a setting.
      this.backend.onSettingsChanged(() => void this.read()),
      this.backend.onModelProgressed((work) => {
        if (this.view === null) return;
        const models = this.view.models.map((model) => (model.id === work.id ? { ...model, work } : model));
        this.view = { ...this.view, models };
      }),
    ];
    return () => ends.forEach((end) => end());
  }

  read(): Promise<void> {
    return this.#try(async () => {
      this.view = await this.backend.getModels();
    });
  }

  pull(model: ModelView): Promise<void> {
    return this.#try(() => this.backend.pullModel(model.id));
  }

  pause(model: ModelView): Promise<void> {
    return this.#try(() => this.backend.pauseModel(model.id));
  }

  cancel(model: ModelView): Promise<void> {
    return this.#try(() => this.backend.cancelModel(model.id));
  }

  verify(model: ModelView): Promise<void> {
    return this.#try(() => this.backend.verifyModel(model.id));
  }

  remove(model: ModelView): Promise<void> {
    return this.#try(() => this.backend.removeModel(model.id));
  }

  use(model: ModelView): Promise<void> {
    return this.#try(() => this.backend.useModel(model.id));
  }

  async #try(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
      this.settings.failed = null;
    } catch (thrown) {
      this.settings.failed = failure(thrown);
    }
  }
}
