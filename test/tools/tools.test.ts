import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { tools } from '../../src/tools/index.ts';

test('every tool is read-only, named verb_noun, and takes a strict object whose fields are described', () => {
  expect(new Set(tools.map((tool) => tool.name)).size).toBe(tools.length);
  for (const tool of tools) {
    expect(tool.readOnly).toBe(true);
    expect(tool.name).toMatch(/^[a-z]+(_[a-z]+)+$/);
    const schema = tool.inputSchema();
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    for (const [name, field] of Object.entries(schema.properties as Record<string, { description?: string }>))
      expect(field.description, `${tool.name}.${name}`).toMatch(/\w/);
    expect(tool.parse({ nonsense: 1 }).ok).toBe(false);
  }
});

test('no tool takes a URL, a path, SQL or a credential', () => {
  for (const tool of tools) {
    const fields = Object.keys(tool.inputSchema().properties as object);
    expect(fields.filter((name) => /url|path|file|sql|regex|token|password|uri/i.test(name))).toEqual([]);
  }
});

test('the list that a model is sent stays small', () => {
  const list = tools.map((tool) => ({
    name: tool.name,
    description: tool.description,
    inputSchema: tool.inputSchema(),
  }));
  expect(encode(JSON.stringify(list)).length).toBeLessThanOrEqual(3_000);
});
