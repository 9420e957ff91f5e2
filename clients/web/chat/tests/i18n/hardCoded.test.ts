import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ElementNode, NodeTypes, type TemplateChildNode } from '@vue/compiler-core';
import { expect, it } from 'vitest';
import { parse } from 'vue/compiler-sfc';

const root = join(import.meta.dirname, '../../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.vue'));

/** What a person sees of an attribute, or hears. */
const Told = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'label',
  'placeholder',
  'text',
  'title',
]);

/** Words that stand in a template themselves, and not in the catalogue: as text, as an attribute, or as a text in an expression. */
function hardCoded(source: string): string[] {
  const found: string[] = [];
  const note = (text: string) => /\p{L}{2}/u.test(text) && found.push(text.trim());
  const walk = (node: ElementNode | TemplateChildNode) => {
    if (node.type === NodeTypes.TEXT) note(node.content);
    if (node.type === NodeTypes.INTERPOLATION && 'content' in node.content && /^\s*['`]/u.test(String(node.content.content)))
      note(String(node.content.content));
    if (node.type !== NodeTypes.ELEMENT) return;
    for (const prop of node.props) if (prop.type === NodeTypes.ATTRIBUTE && Told.has(prop.name)) note(prop.value?.content ?? '');
    for (const child of node.children) walk(child);
  };
  for (const child of parse(source).descriptor.template?.ast?.children ?? []) walk(child);
  return found;
}

it('finds words that stand in a template', () => {
  const source = `<template><p title="Two words">{{ t('a.b') }} · Hello<b>{{ 'World' }}</b><i class="flex" /></p></template>`;
  expect(hardCoded(source)).toEqual(['Two words', '· Hello', "'World'"]);
});

it('no template says anything by itself', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => hardCoded(readFileSync(join(root, file), 'utf8')).map((text) => `${file}: ${text}`))).toEqual([]);
});
