// Writes the reference of all entries as Markdown, one file each: npm run reference [-- FOLDER].
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPublicApi } from './public-api.mjs';

const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'reference');
const parts = [
  ['Functions', 'function'],
  ['Classes', 'class'],
  ['Constants', 'constant'],
  ['Modules', 'module'],
  ['Types', 'type'],
];

function section({ name, doc, text }) {
  return `### ${name}\n\n${doc === '' ? '' : `${doc}\n\n`}\`\`\`ts\n${text}\n\`\`\`\n`;
}

function part(exported, title, kind) {
  const found = exported.filter((one) => one.kind === kind);
  return found.length === 0 ? '' : `## ${title}\n\n${found.map(section).join('\n')}\n`;
}

function contents(exported) {
  return parts
    .map(([title, kind]) => [title, exported.filter((one) => one.kind === kind)])
    .filter(([, found]) => found.length > 0)
    .map(([title, found]) => `- ${title}: ${found.map(({ name }) => `[${name}](#${name.toLowerCase()})`).join(', ')}`)
    .join('\n');
}

mkdirSync(folder, { recursive: true });
for (const { entry, exported } of readPublicApi()) {
  const file = join(folder, `${entry.replace(/^@chat\//, '').replaceAll('/', '-')}.md`);
  const sections = parts.map(([title, kind]) => part(exported, title, kind)).join('');
  writeFileSync(file, `# ${entry}\n\n${contents(exported)}\n\n${sections.trimEnd()}\n`);
  process.stdout.write(`${file}\n`);
}
