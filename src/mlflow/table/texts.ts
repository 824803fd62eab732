/** A dictionary: each text once, known by a number. */

/** The code of no text. */
export const NO_TEXT = -1;

export class Texts {
  readonly #texts: string[];
  /** Made when first needed: a table that is only read by its codes does without. */
  #codes: Map<string, number> | undefined;

  /** Of the texts that were added. */
  #units = 0;

  constructor(texts: string[] = []) {
    this.#texts = texts;
  }

  /** About what they take: two bytes for each unit of UTF-16, and what a text and its place in two lists take besides. */
  get bytes(): number {
    return this.#units * 2 + this.#texts.length * 80;
  }

  get length(): number {
    return this.#texts.length;
  }

  /** All of them, by code. */
  get all(): readonly string[] {
    return this.#texts;
  }

  at(code: number): string {
    return this.#texts[code]!;
  }

  /** Undefined for the code of no text. */
  optional(code: number): string | undefined {
    return this.#texts[code];
  }

  /** The code of a text that is new or known. */
  add(text: string | undefined): number {
    if (text === undefined) return NO_TEXT;
    const codes = this.#byText();
    const known = codes.get(text);
    if (known !== undefined) return known;
    codes.set(text, this.#texts.length);
    this.#units += text.length;
    return this.#texts.push(text) - 1;
  }

  /** The code of a text, or that of none. */
  find(text: string): number {
    return this.#byText().get(text) ?? NO_TEXT;
  }

  #byText(): Map<string, number> {
    this.#codes ??= new Map(this.#texts.map((text, code) => [text, code]));
    return this.#codes;
  }
}
