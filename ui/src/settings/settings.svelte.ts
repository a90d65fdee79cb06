// The settings as the window shows them. A change is shown once the app has taken it, and never before.

import { failure, type SettingsBackend } from "../lib/ipc/backend";
import type { ErrorView, SettingsPatch, SettingsView, StatusView } from "../lib/ipc/bindings";

export class SettingsState {
  settings: SettingsView | null = $state.raw(null);
  status: StatusView | null = $state.raw(null);
  failed: ErrorView | null = $state.raw(null);

  constructor(readonly backend: SettingsBackend) {}

  /** Reads everything and follows changes made elsewhere (the tray menu pauses the hotkey). */
  start(): () => void {
    void this.#try(async () => {
      this.settings = await this.backend.getSettings();
      this.status = await this.backend.getStatus();
    });
    return this.backend.onSettingsChanged((settings) => {
      this.settings = settings;
      void this.#try(async () => {
        this.status = await this.backend.getStatus();
      });
    });
  }

  /** True when the app took the change. */
  async update(patch: SettingsPatch): Promise<boolean> {
    return this.#try(async () => {
      this.settings = await this.backend.updateSettings(patch);
      this.status = await this.backend.getStatus();
    });
  }

  async startAtLogin(wanted: boolean): Promise<void> {
    await this.#try(async () => {
      await this.backend.setStartAtLogin(wanted);
      this.status = await this.backend.getStatus();
    });
  }

  async #try(steps: () => Promise<void>): Promise<boolean> {
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
