import { expect, it } from 'vitest';
import { typedCode } from '../../src/account/typedCode';

it('a code is the same in whichever digits it was typed', () => {
  expect(['0123456789', '０１２３４５６７８９', '٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹'].map(typedCode)).toEqual(Array(4).fill('0123456789'));
});

it('wide letters and signs of a recovery code are folded, spaces around it go', () => {
  expect([typedCode('\u3000ａｂｃｄ－ｅｆｇ２ '), typedCode(' abcd-efg2')]).toEqual(['abcd-efg2', 'abcd-efg2']);
});
