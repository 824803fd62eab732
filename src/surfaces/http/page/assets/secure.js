/** What browsers keep for pages that came by https or from this machine, and what does instead elsewhere. */

export const createId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @throws Error where the browser does not let a page copy */
export async function copyText(text) {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden';
  // A dialog or an open fold that has the focus gets it back.
  const had = document.activeElement;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  had?.focus();
  if (!isCopied) throw new Error('this browser does not let pages copy: select the text instead');
}
