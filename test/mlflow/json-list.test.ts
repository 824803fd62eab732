/** A long list that is parsed item by item is what parsing all of it gives, and refused where that is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemsAt } from '../../src/mlflow/rest/decode.ts';
import { JsonList, type JsonObject, readJson, readJsonWithList } from '../../src/mlflow/rest/read-json.ts';
import { splitList } from '../../src/mlflow/rest/split-list.ts';

const parse = (text: string): JsonObject => readJson(text, 'application/json', 'http://x');
const read = (text: string): JsonObject => readJsonWithList('runs', text, 'application/json', 'http://x');
/** As objects without a list that is longer than it looks. */
function readWhole(text: string): JsonObject {
  const answer = read(text);
  return 'runs' in answer ? { ...answer, runs: [...itemsAt(answer, 'runs')] } : answer;
}

const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'"\\{}[],:a') }));
const { object } = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  object: fc.dictionary(anyText, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(anyText, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(null, true)),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
}));
const anyAnswer = fc
  .tuple(fc.array(object, { maxLength: 5 }), fc.option(anyText), fc.constantFrom(undefined, 1))
  .map(([runs, token, space]) =>
    JSON.stringify({ runs, ...(token !== null && { next_page_token: token }) }, null, space),
  );

test('gives what parsing all of it gives', () => {
  fc.assert(
    fc.property(anyAnswer, (text) => {
      const { runs } = read(text);
      expect(runs).toBeInstanceOf(JsonList);
      expect((runs as JsonList).length).toBe((parse(text).runs as unknown[]).length);
      expect(readWhole(text)).toEqual(parse(text));
    }),
    { numRuns: 500 },
  );
});

test('where a character is gone, changed or too many: the same, or refused by both', () => {
  const isList = (value: unknown): boolean =>
    Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
  const expected = (text: string): JsonObject | undefined => {
    try {
      const value = parse(text);
      return 'runs' in value && !isList(value.runs ?? []) ? undefined : value;
    } catch {
      return undefined;
    }
  };
  const edit = fc.tuple(fc.nat(), fc.nat(1), fc.constantFrom('', ...'"\\{}[],:0 \u00a0\ufeff'));
  fc.assert(
    fc.property(anyAnswer, edit, (text, [place, gone, put]) => {
      const at = place % (text.length + 1);
      const edited = text.slice(0, at) + put + text.slice(at + gone);
      const whole = expected(edited);
      if (whole === undefined) expect(() => readWhole(edited), edited).toThrow();
      else expect(readWhole(edited), edited).toEqual({ ...whole, ...('runs' in whole && { runs: whole.runs ?? [] }) });
    }),
    { numRuns: 3_000 },
  );
});

test('keeps integers beyond 2^53', () => {
  expect(readWhole('{"runs":[{"step":9223372036854775807}],"n":-9223372036854775808}')).toEqual({
    runs: [{ step: 9223372036854775807n }],
    n: -9223372036854775808n,
  });
});

test.each(['{"next_page_token":"t","runs":[{}]}', '{"runs":[1]}', '{"runs":null}', '[]', '', '{"runs":[{'])(
  'leaves to the parser what it does not know: %s',
  (text) => {
    expect(splitList(text, 'runs')).toBeUndefined();
  },
);
