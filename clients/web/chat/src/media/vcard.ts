/** What a contact card says, as far as it is shown. */
export interface ContactCard {
  readonly name: string;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
}

/** As many numbers and addresses as are shown. */
const MostShown = 3;

/** Reads a vCard 3.0 or 4.0 (RFC 6350): folded lines, groups, parameters and escapes; what it does not know it leaves out. */
export function readVCard(card: string): ContactCard {
  const values = (wanted: string): string[] => {
    const found: string[] = [];
    for (const line of card.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
      const [, name = '', value = ''] = /^(?:[\w-]+\.)?([\w-]+)(?:;(?:[^":]|"[^"]*")*)?:(.*)$/.exec(line) ?? [];
      if (name.toUpperCase() === wanted && value.trim() !== '') found.push(unescaped(value.trim()));
    }
    return found.slice(0, MostShown);
  };
  return {
    name: values('FN')[0] ?? '',
    phones: values('TEL').map((phone) => phone.replace(/^tel:/i, '')),
    emails: values('EMAIL').map((email) => email.replace(/^mailto:/i, '')),
  };
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (_, character: string) => (character.toLowerCase() === 'n' ? ' ' : character));
}
