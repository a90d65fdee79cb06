// The language the pages are in. English is part of every page; another language is a file of its own, read when it is wanted.

import type { Language } from "../ipc/bindings";
import english from "./en.json";
import type { Table } from "./table";

const files: Record<Exclude<Language, "en">, () => Promise<{ default: Table }>> = {
  de: () => import("./de.json"),
  fr: () => import("./fr.json"),
  es: () => import("./es.json"),
  zh: () => import("./zh.json"),
  ja: () => import("./ja.json"),
};

class Spoken {
  language: Language = $state("en");
  table: Table = $state.raw(english);
  #wanted: Language = "en";

  async become(wanted: Language): Promise<void> {
    this.#wanted = wanted;
    if (wanted === this.language) return;
    const table = wanted === "en" ? english : (await files[wanted]()).default;
    // Another one was chosen meanwhile.
    if (this.#wanted !== wanted) return;
    this.table = table;
    this.language = wanted;
    document.documentElement.lang = wanted;
  }
}

export const spoken = new Spoken();
