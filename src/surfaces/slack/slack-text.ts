/** Slack's own markup of text: read from what people wrote, and made harmless in what we write. */
import { sanitizeForTerminal } from '../../present/sanitize.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** As it was typed; without our own name. */
export function readSlackText(text: string, botUser: string): string {
  return text
    .replaceAll(`<@${botUser}>`, ' ')
    .replace(/<[@#!]?([^<>|]*)(?:\|([^<>]*))?>/g, (_, target: string, label: string | undefined) => label || target)
    .replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)
    .trim();
}

/** Nothing, or a call for help, does not. */
export function asksSomething(text: string): boolean {
  return !/^\W*(?:help\W*)?$/i.test(text);
}

/** Nothing in it mentions, formats or leads anywhere: for the text beside blocks, which notifications show. */
export function escapeSlackText(text: string): string {
  return sanitizeForTerminal(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/(?<![\p{L}\p{N}])[*_~`](?=\S)/gu, '$&\u2060')
    .replace(/:(?=\/\/)|\.(?=\p{L})|@(?=\w)/gu, '$&\u2060');
}
