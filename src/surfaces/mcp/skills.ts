/** The skills that come with the program, by the Skills extension; read when somebody asks for one, not at the start. */

import { type SkillCatalog, type SkillSource, SkillsExtension } from '@modelcontextprotocol/server/ext/skills';
import { loadSkills, nodeSkillFiles } from '@modelcontextprotocol/server/ext/skills/node';

const SCHEME = 'skill://';
const TYPE = 'text/markdown';

export function createSkills(folder: string): SkillsExtension {
  const files = nodeSkillFiles(folder);
  let loading: Promise<SkillCatalog> | undefined;
  const entries = async () => {
    loading ??= loadSkills(folder, { strict: true });
    return (await loading).entries;
  };
  const source: SkillSource = {
    list: async () => ({ skills: [...(await entries())] }),
    get: async (uri) => (await entries()).find((skill) => skill.uri === uri),
    async read(uri) {
      const isKnown = (await entries()).some((skill) => skill.uri === uri);
      if (!isKnown) return undefined;
      return { text: Buffer.from(await files.read(uri.slice(SCHEME.length))).toString('utf8'), mimeType: TYPE };
    },
    listResources: async () =>
      (await entries()).map(({ uri, frontmatter }) => {
        const { name, description } = frontmatter;
        return { uri, name, description, mimeType: TYPE };
      }),
  };
  return new SkillsExtension({ source });
}
