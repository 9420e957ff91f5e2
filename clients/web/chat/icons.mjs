// Draws the icons of public/icons from public/icon.svg with Chromium: `node icons.mjs`, once when the icon is another one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const chromium = process.env['CHAT_CHROMIUM'] ?? '/usr/bin/chromium';
const svg = readFileSync(join(import.meta.dirname, 'public/icon.svg'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'chat-icons-'));

// What is cut to a circle shows four fifths of it for sure. A badge is a mask: its shape, in one colour.
const icons = [
  { name: '192', size: 192, share: 1, ground: 'transparent', svg },
  { name: '512', size: 512, share: 1, ground: 'transparent', svg },
  { name: 'maskable', size: 512, share: 0.6, ground: '#0f766e', svg: swap(svg, { '#0f766e': '#fff', '#fff': '#0f766e' }) },
  { name: 'badge', size: 96, share: 1, ground: 'transparent', svg: cutOut(svg) },
];

function swap(text, colours) {
  return text.replace(/#0f766e|#fff/gu, (colour) => colours[colour]);
}

function cutOut(text) {
  const [path = '', dots = ''] = [/<path[^>]*\/>/u.exec(text)?.[0], /<g.*<\/g>/u.exec(text)?.[0]];
  const hole = `<mask id="m"><rect width="32" height="32" fill="#fff"/>${dots.replace('#fff', '#000')}</mask>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${hole}<g mask="url(#m)">${path.replace('#0f766e', '#fff')}</g></svg>`;
}

for (const { name, size, share, ground, svg: drawing } of icons) {
  const page = join(folder, `${name}.html`);
  const style = `body{margin:0;display:grid;place-items:center;height:${size}px;background:${ground}}svg{width:${size * share}px}`;
  writeFileSync(page, `<!doctype html><style>${style}</style>${drawing}`);
  const out = join(import.meta.dirname, 'public/icons', `${name}.png`);
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--force-device-scale-factor=1',
    '--default-background-color=00000000',
  ];
  execFileSync(chromium, [...options, `--window-size=${size},${size}`, `--screenshot=${out}`, `file://${page}`], { stdio: 'ignore' });
}
rmSync(folder, { recursive: true });
