/** LIKE as SQLite evaluates it with case_sensitive_like on, without its recursion. */

/** SQLite's lower(): ASCII letters only. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** SQLite's LIKE reads C strings. */
function characters(text: string): string[] {
  const end = text.indexOf('\0');
  return [...(end < 0 ? text : text.slice(0, end))];
}

/** `%` is any text, `_` one character (code point); there is no escape. Time is linear in text × pattern. */
export function like(pattern: string, text: string): boolean {
  const p = characters(pattern);
  const t = characters(text);
  let pi = 0;
  let star = -1;
  let resume = 0;
  for (let ti = 0; ti < t.length; ) {
    if (p[pi] === '%') {
      star = pi++;
      resume = ti;
    } else if (pi < p.length && (p[pi] === '_' || p[pi] === t[ti])) {
      pi++;
      ti++;
    } else if (star >= 0) {
      pi = star + 1;
      ti = ++resume;
    } else return false;
  }
  while (p[pi] === '%') pi++;
  return pi === p.length;
}
