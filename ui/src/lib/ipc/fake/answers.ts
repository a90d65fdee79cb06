// What the fake knows: a handful of questions with the answers the engine would give.

import type { AnswerView, Decision, NearestView, ReasonView, Risk, SuggestionView, TokenView } from "../bindings";
import { tokenize } from "./tokens";

type Row = {
  command: string;
  explanation: string;
  risk?: Risk;
  atRisk?: string[];
  reasons?: ReasonView[];
  safer?: string;
};

const decisions: Record<Risk, Decision> = { safe: "allow", caution: "allow", dangerous: "confirm", blocked: "refuse" };

const known: { words: string[]; intent: string; rows: Row[] }[] = [
  {
    words: ["large", "files"],
    intent: "files.find-large",
    rows: [
      { command: "find . -type f -size +100M", explanation: "Lists files larger than 100 MB below this folder" },
      {
        command: "find . -type f -size +100M -printf '%s\\t%p\\n' | sort -rn",
        explanation: "Lists files larger than 100 MB with their size, the largest first",
      },
      { command: "du -ah . | sort -rh | head -n 20", explanation: "Shows the 20 largest files and folders" },
    ],
  },
  {
    words: ["list", "files"],
    intent: "files.list",
    rows: [
      { command: "ls -la", explanation: "Lists everything in this folder, hidden files included" },
      { command: "ls -lat", explanation: "Lists everything in this folder, the newest first" },
    ],
  },
  {
    words: ["delete", "log"],
    intent: "files.delete-matching",
    rows: [
      {
        command: "find . -type f -name '*.log' -delete",
        explanation: "Deletes every file named *.log below this folder",
        risk: "dangerous",
        atRisk: ["-delete"],
        reasons: [{ rule: "delete.recursive", message: "deletes every match below this folder, with no way back" }],
        safer: "find . -type f -name '*.log' -print",
      },
      {
        command: "find . -type f -name '*.log' -exec gzip {} +",
        explanation: "Compresses every file named *.log below this folder",
        risk: "caution",
      },
    ],
  },
  {
    words: ["delete", "everything"],
    intent: "files.delete-root",
    rows: [
      {
        command: "rm -rf /",
        explanation: "Deletes every file on this machine",
        risk: "blocked",
        atRisk: ["-rf", "/"],
        reasons: [{ rule: "delete.root", message: "deletes the root of the file system" }],
      },
    ],
  },
  {
    words: ["connect"],
    intent: "network.ssh",
    rows: [{ command: "ssh '<user>'@'<host>'", explanation: "Opens a shell on another machine" }],
  },
  {
    words: ["port"],
    intent: "network.port-user",
    rows: [
      { command: "ss -ltnp 'sport = :8080'", explanation: "Shows which process listens on port 8080" },
      { command: "lsof -i :8080 -sTCP:LISTEN", explanation: "Shows which process has port 8080 open" },
    ],
  },
  {
    words: ["undo", "commit"],
    intent: "git.undo-commit",
    rows: [
      {
        command: "git reset --soft HEAD~1",
        explanation: "Takes back the last commit and keeps its changes staged",
        risk: "caution",
      },
      {
        command: "git reset --hard HEAD~1",
        explanation: "Takes back the last commit and throws its changes away",
        risk: "dangerous",
        atRisk: ["--hard"],
        reasons: [{ rule: "git.reset-hard", message: "throws away the changes of the last commit" }],
        safer: "git reset --soft HEAD~1",
      },
    ],
  },
  {
    words: ["make", "folder"],
    intent: "files.make-folder",
    rows: [{ command: "mkdir -p <folder name>", explanation: "Makes a folder, and those above it", risk: "caution" }],
  },
  {
    words: ["long"],
    intent: "files.pipeline",
    rows: [
      {
        command:
          "find /var/log -type f -name '*.gz' -mtime +30 -printf '%s %p\\n' 2>/dev/null | sort -rn | head -n 50 | awk '{ total += $1; print $2 } END { print total }' > \"$HOME/old logs.txt\"",
        explanation:
          "Writes the 50 largest compressed logs older than 30 days, and their total size in bytes, to a file in your home folder",
        risk: "caution",
        atRisk: [">"],
        reasons: [{ rule: "overwrite.file", message: "overwrites the file when it exists" }],
      },
      { command: "ls -l /var/log", explanation: "Lists the logs" },
      { command: "journalctl --disk-usage", explanation: "Shows how much space the journal takes" },
      { command: "du -sh /var/log", explanation: "Shows how much space the logs take" },
      { command: "ls -lS /var/log", explanation: "Lists the logs, the largest first" },
    ],
  },
];

const nearest: NearestView[] = [
  { intent: "files.find-large", example: "find large files over 100MB" },
  { intent: "files.list", example: "list files" },
  { intent: "network.port-user", example: "what is using port 8080" },
];

export function answer(query: string): AnswerView {
  const words = query.toLowerCase().split(/\s+/);
  const match = known.find((row) => row.words.every((word) => words.includes(word)));
  if (match === undefined)
    return { suggestions: [], nearest, asked: asked(words), thought: false, tier: "none", latencyUs: 212 };
  const suggestions = match.rows.map((row, index) => filled(suggestion(row, match.intent, index), {}));
  return { suggestions, nearest: [], asked: null, thought: false, tier: "rules", latencyUs: 380 };
}

/** What a language model wrote. */
export function written(command: string): SuggestionView {
  const explanation = "Written by a language model. Check it before you use it.";
  return { ...suggestion({ command, explanation }, "model.written", 0), tier: "embedded", confidence: 0.7 };
}

/** A suggestion with values in its blanks. The engine's rules for what may stand there are its own. */
export function filled(of: SuggestionView, values: Record<string, string>): SuggestionView {
  const names = [...of.command.matchAll(/'<([a-z-]+)>'/g)].map((match) => match[1] ?? "");
  if (names.length === 0) return of;
  const fields = names.map((name) => ({ name, value: values[name] ?? "", problem: null }));
  const pieces = of.command.split(/('<[a-z-]+>')/).filter((piece) => piece !== "");
  const tokens = pieces.flatMap((piece): TokenView[] => {
    const field = fields.findIndex(({ name }) => piece === `'<${name}>'`);
    if (field < 0) return tokenize(piece);
    const value = fields[field]?.value ?? "";
    const text = value === "" ? piece : /^[\w.-]+$/.test(value) ? value : `'${value}'`;
    return [{ text, kind: "placeholder", atRisk: false, field }];
  });
  const left = fields.filter(({ value }) => value === "").map(({ name }) => name);
  const command = tokens.map((token) => token.text).join("");
  const message = `fill in <${left.join(">, <")}>: the question does not say`;
  const reasons = left.length === 0 ? [] : [{ rule: "answer.incomplete", message }];
  return { ...of, command, tokens, fields, reasons, decision: left.length === 0 ? "allow" : "confirm" };
}

/** A command as the user writes it, judged the way the fake can. */
export function edited(of: SuggestionView, command: string): SuggestionView {
  const risk: Risk = /rm -rf \/(\s|$)/.test(command)
    ? "blocked"
    : /\brm\b|-delete/.test(command)
      ? "dangerous"
      : "safe";
  const reasons = risk === "safe" ? [] : [{ rule: "delete.edited", message: "deletes files" }];
  const tokens = tokenize(command);
  return { ...of, command, tokens, fields: [], risk, decision: decisions[risk], reasons, safer: null };
}

function asked(words: string[]): ReasonView | null {
  const steals = words.includes("steal");
  return steals ? { rule: "question.steal", message: "asks to take what belongs to others" } : null;
}

function suggestion(row: Row, intent: string, index: number): SuggestionView {
  const risk = row.risk ?? "safe";
  return {
    command: row.command,
    explanation: row.explanation,
    tokens: tokenize(row.command, row.atRisk),
    fields: [],
    tier: "rules",
    confidence: 0.98 - index * 0.1,
    risk,
    decision: decisions[risk],
    reasons: row.reasons ?? [],
    safer: row.safer ?? null,
    yours: false,
    intent,
  };
}
