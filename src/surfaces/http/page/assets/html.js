/** Markup in templates: text is text, whatever it holds. */
import htm from 'htm';
import { h } from 'preact';

export const html = htm.bind(h);
