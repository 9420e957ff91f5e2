/** A code as the service knows it, of one that was typed with an input method's wide letters and digits or with those of Arabic or Persian. */
export function typedCode(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/gu, (digit) => String((digit.codePointAt(0) ?? 0) & 15))
    .trim();
}
