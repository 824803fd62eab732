/** Unicode's composed form of text from a store or a person, in time that grows with it. */

/** Marks in a row are ordered in time that grows with their square; no script has so many. */
const MANY_MARKS = /\p{M}{31}/u;

/** As it is where it has more marks in a row than any script. */
export function composed(text: string): string {
  return MANY_MARKS.test(text) ? text : text.normalize('NFC');
}
