import { expect, it } from 'vitest';
import { readVCard } from '../../src/media/vcard';

it('reads name, numbers and addresses, with groups, parameters, folds and escapes', () => {
  const card = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    'FN:Carla N\\, ',
    ' úñez',
    'TEL;VALUE=uri;TYPE="voice,home":tel:+1-555-0100',
    'item1.TEL;TYPE=CELL:+49 123 456',
    'email;TYPE=work:carla@example.org',
    'NOTE:FN:not a name',
    'END:VCARD',
  ].join('\r\n');
  expect(readVCard(card)).toEqual({ name: 'Carla N, úñez', phones: ['+1-555-0100', '+49 123 456'], emails: ['carla@example.org'] });
});

it('shows no more of a card than fits', () => {
  const card = `FN:A\n${Array.from({ length: 50 }, (_, i) => `TEL:${i}`).join('\n')}`;
  expect(readVCard(card).phones).toEqual(['0', '1', '2']);
});

it('a card that says nothing has no name', () => expect(readVCard('BEGIN:VCARD')).toEqual({ name: '', phones: [], emails: [] }));
