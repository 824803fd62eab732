/** A long list that is parsed item by item as it arrives is what parsing all of it gives, and refused where that is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectOf, rowsAt } from '../../src/mlflow/rest/decode.ts';
import { BadRow, JsonList, type JsonObject, JsonReader } from '../../src/mlflow/rest/read-json.ts';

/** @param sizes of the pieces in which it comes; then the rest at once. */
function read(text: string | Buffer, sizes: readonly number[] = [], reader = newReader('runs')): JsonObject {
  const bytes = Buffer.from(text);
  let at = 0;
  for (const size of sizes) {
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  reader.push(bytes.subarray(at));
  return reader.end();
}
const newReader = (list: string | undefined) => new JsonReader(list, 'application/json', 'http://x');
const parse = (text: string): JsonObject => read(text, [], newReader(undefined));
/** As objects without a list that is longer than it looks. */
function readWhole(text: string, sizes?: readonly number[]): JsonObject {
  const answer = read(text, sizes);
  return 'runs' in answer ? { ...answer, runs: [...rowsAt(answer, 'runs')].map(objectOf) } : answer;
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
  .tuple(fc.array(object, { maxLength: 5 }), fc.option(anyText), fc.constantFrom(undefined, 1), fc.boolean())
  .map(([runs, token, space, isListFirst]) => {
    const rest = token === null ? {} : { next_page_token: token };
    return JSON.stringify(isListFirst ? { runs, ...rest } : { ...rest, runs }, null, space);
  });
const anySizes = fc.array(fc.constantFrom(1, 2, 3, 7, 64), { maxLength: 200 });

test('gives what parsing all of it gives, in whatever pieces it comes', () => {
  fc.assert(
    fc.property(anyAnswer, anySizes, (text, sizes) => {
      const { runs } = read(text, sizes);
      expect(runs).toBeInstanceOf(JsonList);
      expect((runs as JsonList).length).toBe((parse(text).runs as unknown[]).length);
      expect(readWhole(text, sizes)).toEqual(parse(text));
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
      const edited = (text.slice(0, at) + put + text.slice(at + gone)).toWellFormed();
      const whole = expected(edited);
      if (whole === undefined) expect(() => readWhole(edited), edited).toThrow();
      else expect(readWhole(edited), edited).toEqual({ ...whole, ...('runs' in whole && { runs: whole.runs ?? [] }) });
    }),
    { numRuns: 3_000 },
  );
});

test('keeps integers beyond 2^53, and reads the words that Python has for what is no number', () => {
  const text = '{"runs":[{"step":9223372036854775807,"value": NaN},{"value":-Infinity}],"n":-9223372036854775808}';
  expect(readWhole(text)).toEqual({
    runs: [{ step: 9223372036854775807n, value: 'NaN' }, { value: '-Infinity' }],
    n: -9223372036854775808n,
  });
});

test('an integer of more digits than any of MLflow is a number, and not made exact', () => {
  expect(readWhole(`{"runs":[{"step":${'9'.repeat(300)}}]}`)).toEqual({ runs: [{ step: 1e300 }] });
});

test.each([
  ['an element that is no object', '{"runs":[{"a":1},null,[],5,"x",{"b":2}]}', 4],
  ['one that is no UTF-8', Buffer.from('{"runs":[{"a":1},{"c":"\xff"},{"b":2}]}', 'latin1'), 1],
  ['one that nests deep', `{"runs":[{"a":1},${'['.repeat(100)}${']'.repeat(100)},{"b":2}]}`, 1],
  ['one of too many parts', `{"runs":[{"a":1},{"c":[${'0,'.repeat(600_000)}0]},{"b":2}]}`, 1],
])('%s stands between others that are read', (_name, text, bad) => {
  const rows = [...rowsAt(read(text), 'runs')];
  expect(rows.filter((row) => row instanceof BadRow)).toHaveLength(bad);
  expect(rows.filter((row) => !(row instanceof BadRow))).toEqual([{ a: 1 }, { b: 2 }]);
});

test.each<[string, string | Buffer, RegExp]>([
  ['a list twice', '{"runs":[],"runs":[{"a":1}]}', /"runs" twice/],
  ['no UTF-8 beside the list', Buffer.from('{"runs":[],"x":"\xff"}', 'latin1'), /no UTF-8/],
  ['UTF-16', Buffer.from('{"runs":[]}', 'utf16le'), /cut or broken JSON/],
  ['what nests deep', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, /more parts/],
  ['too many parts beside the list', `{"runs":[],"x":[${'0,'.repeat(600_000)}0]}`, /more parts/],
  ['a list of JSON', '[]', /no object/],
])('%s is refused', (_name, text, message) => {
  expect(() => read(text)).toThrow(message);
});

test.each(['{"next_page_token":"t","runs":null}', '{"runs":null}', '{"other":{"runs":[1]}}', '{"a\\"runs":[1]}'])(
  'has no list where the parser has none: %s',
  (text) => {
    expect(read(text)).toEqual(JSON.parse(text));
  },
);
