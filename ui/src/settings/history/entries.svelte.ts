// The entries of the history as the page shows them: found by what is in the search field, the favorites first.
//
// Invariant: what an older search found is never shown under a newer one.

import { failure, type SettingsBackend } from "../../lib/ipc/backend";
import type { ErrorView, HistoryView } from "../../lib/ipc/bindings";

/** More than anybody scrolls through; the search finds the rest. */
const SHOWN = 100;

export class Entries {
  text = $state("");
  found: HistoryView[] = $state.raw([]);
  /** Whether anything was read yet. */
  read = $state(false);
  /** Where the last export was written. */
  exported: string | null = $state(null);
  failed: ErrorView | null = $state.raw(null);
  #searches = 0;

  constructor(private readonly backend: SettingsBackend) {}

  async search(text: string): Promise<void> {
    this.text = text;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    const search = ++this.#searches;
    await this.#try(async () => {
      const found = await this.backend.findHistory(this.text, SHOWN);
      if (search !== this.#searches) return;
      this.found = found;
      this.read = true;
    });
  }

  pin(entry: HistoryView): Promise<void> {
    return this.#change(() => this.backend.pinHistory(entry.id, !entry.pinned));
  }

  rename(entry: HistoryView, name: string): Promise<void> {
    return this.#change(() => this.backend.renameHistory(entry.id, name));
  }

  delete(entry: HistoryView): Promise<void> {
    return this.#change(() => this.backend.deleteHistoryEntry(entry.id));
  }

  deleteAll(): Promise<void> {
    return this.#change(() => this.backend.deleteHistory());
  }

  async export(): Promise<void> {
    await this.#try(async () => {
      this.exported = await this.backend.exportHistory();
    });
  }

  // An entry that is gone already is a reason to look again, too.
  async #change(change: () => Promise<unknown>): Promise<void> {
    const changed = await this.#try(change);
    const { failed } = this;
    await this.refresh();
    if (!changed) this.failed = failed;
  }

  async #try(steps: () => Promise<unknown>): Promise<boolean> {
    try {
      await steps();
      this.failed = null;
      return true;
    } catch (thrown) {
      this.failed = failure(thrown);
      return false;
    }
  }
}
