import { describe, expect, it } from 'vitest';
import { linkify, startsRtl } from '../../src/message/linkify';

describe('links in a text', () => {
  it('are found, and the text around them is kept whole', () => {
    const parts = linkify('see https://a.example/x?y=1, then http://b.example.');
    expect(parts.map((p) => p.text).join('')).toBe('see https://a.example/x?y=1, then http://b.example.');
    expect(parts.filter((p) => p.href).map((p) => p.href)).toEqual(['https://a.example/x?y=1', 'http://b.example']);
  });

  it('are never of another scheme', () => {
    for (const text of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://']) {
      expect(
        linkify(text).some((p) => p.href !== null),
        text,
      ).toBe(false);
    }
  });
});

describe('direction', () => {
  it('is that of the first letter', () => {
    expect(startsRtl('123 שלום')).toBe(true);
    expect(startsRtl('hello שלום')).toBe(false);
    expect(startsRtl('!? 42')).toBe(false);
  });
});
