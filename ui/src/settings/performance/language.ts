// uPlot asks `Intl` for the language of the browser while it loads. WebKitGTK calls it "C" where the system is set to the C
// locale, which `Intl` refuses with a RangeError, and the whole page would stay empty. Import this module before uPlot.

/** The language as `Intl` takes it: the given one, or English when it is no language tag. */
export function languageTag(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? "en-US";
  } catch {
    return "en-US";
  }
}

Object.defineProperty(navigator, "language", { value: languageTag(navigator.language), configurable: true });
