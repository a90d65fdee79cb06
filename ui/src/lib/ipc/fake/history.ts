// A history for a plain browser. It is searched the way the app's is: by words as far as they are typed.

import type { SettingsBackend } from "../backend";
import type { HistoryView } from "../bindings";

type Past = Pick<
  SettingsBackend,
  "findHistory" | "pinHistory" | "renameHistory" | "deleteHistoryEntry" | "deleteHistory" | "exportHistory"
>;

export function fakeHistory(filled: boolean): Past {
  let entries = filled ? examples() : [];
  const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const change = async (id: number, changed: Partial<HistoryView>): Promise<void> => {
    if (!entries.some((entry) => entry.id === id)) {
      throw { code: "history-missing", message: `history: there is no entry ${id}`, hint: null };
    }
    entries = entries.map((entry) => (entry.id === id ? { ...entry, ...changed } : entry));
  };
  return {
    findHistory: async (text, limit) => {
      const matches = (entry: HistoryView): boolean => {
        const there = words(`${entry.query} ${entry.command} ${entry.name ?? ""}`);
        return words(text).every((word) => there.some((known) => known.startsWith(word)));
      };
      const found = entries.filter(matches);
      return [...found.filter((entry) => entry.pinned), ...found.filter((entry) => !entry.pinned)].slice(0, limit);
    },
    pinHistory: (id, pinned) => change(id, { pinned }),
    renameHistory: (id, name) => change(id, name.trim() === "" ? { name: null } : { name: name.trim(), pinned: true }),
    deleteHistoryEntry: async (id) => {
      await change(id, {});
      entries = entries.filter((entry) => entry.id !== id);
    },
    deleteHistory: async () => {
      entries = [];
    },
    exportHistory: async () => "/home/ada/Downloads/caro-history-1769000000.jsonl",
  };
}

function examples(): HistoryView[] {
  const now = Math.floor(Date.now() / 1000);
  const entry = (
    id: number,
    query: string,
    command: string,
    risk: HistoryView["risk"],
    outcome: string,
    age: number,
  ): HistoryView => {
    const incomplete = command.includes("<secret>");
    return { id, query, command, risk, outcome, unixS: now - age, pinned: false, name: null, incomplete };
  };
  return [
    entry(4, "find large files over 100MB", "find . -type f -size +100M", "safe", "copied", 240),
    entry(3, "undo the last commit", "git reset --soft HEAD~1", "caution", "inserted", 5400),
    entry(2, "log in to the shop database", "mysql -u root -p'<secret>' shop", "safe", "copied", 90_000),
    entry(1, "delete everything", "rm -rf /", "blocked", "refused", 180_000),
  ];
}
