import { expect } from '@open-wc/testing';
import type { Note } from '../../src/store/database.js';
import { Journal } from '../../src/store/journal.js';
import { migrations } from '../../src/store/schema.js';
import { ANA, BO, entry } from './support.js';

const message = (id: string): Note => ['messages', { account: ANA, id, conversation: BO }];
const idsOf = (journal: Journal, table: 'messages' | 'outbox' | 'keyvalue'): readonly unknown[] => [...(journal.tables.get(table)?.values() ?? [])].map(row => ('id' in row ? row.id : 'key' in row ? row.key : undefined));

describe('a journal', () => {
  it('knows each row once, as it was last', () => {
    const journal = new Journal(migrations, [message('a'), ['outbox', entry('a')], ['outbox', entry('a', { attempted: true })], message('b')]);
    expect(idsOf(journal, 'messages')).to.deep.equal(['a', 'b']);
    expect([...(journal.tables.get('outbox')?.values() ?? [])]).to.have.nested.property('[0].attempted', true);
  });

  it('knows what is gone: one row, or all of an account, and nobody else’s', () => {
    const journal = new Journal(migrations, [message('a'), message('b'), ['messages', { account: `${ANA}x`, id: 'c' }], ['messages', undefined, [ANA, 'a']]]);
    expect(idsOf(journal, 'messages')).to.deep.equal(['b', 'c']);
    journal.take(['messages', undefined, [ANA]]);
    expect(idsOf(journal, 'messages')).to.deep.equal(['c']);
  });

  it('of very many notes keeps the newest messages, those that are still to be sent, and everything else', () => {
    const journal = new Journal(migrations, [
      ['keyvalue', { account: ANA, key: 'key', value: 1 }],
      message('waits'),
      ['outbox', entry('waits')],
      ...Array.from({ length: 5_000 }, (_, index) => message(`m${index}`)),
    ]);
    const again = new Journal(migrations, journal.notes());
    expect(idsOf(again, 'messages').length).to.be.within(1_000, 2_001);
    expect(idsOf(again, 'messages')).to.include.members(['waits', 'm4999']).and.not.include('m0');
    expect([idsOf(again, 'outbox'), idsOf(again, 'keyvalue')]).to.deep.equal([['waits'], ['key']]);
  });
});
