/** A database that goes on in memory when the disk fails it, so that nobody above has to. */
import { chunk } from '../base/chunk.js';
import type { Disposable } from '../base/disposer.js';
import { Emitter } from '../base/emitter.js';
import type { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { signal, type ReadonlySignal } from '../base/signal.js';
import { openDatabase, type Note } from './database.js';
import { closed, failure } from './failure.js';
import type { Database, Work } from './port.js';
import type { Migration, TableName } from './schema.js';

export interface Steady extends Database {
  /** As in the store. */
  readonly trouble: ReadonlySignal<ChatError | undefined>;
  onEmptied(run: () => void): Disposable;
}

/** From so many new notes on they are put together. */
const MOST_NOTES = 5_000;

/** What is the work's own fault, and no reason to leave the disk. */
const HARMLESS: readonly string[] = ['failed', 'cut-short', 'closed'];

/** Opens a database, in memory if it must be; see the store. */
export const openSteady = async (name: string, migrations: readonly Migration[], log: Log): Promise<Steady> => {
  const trouble = signal<ChatError | undefined>(undefined);
  const events = new Emitter<{ emptied: undefined }>(error => log.report(error));
  /** What is known of the disk: what to go on with when it is lost. */
  let notes: Note[] = [];
  let most = MOST_NOTES;
  let noted = (more: readonly Note[]): void => {
    notes.push(...more);
    if (notes.length < most) return;
    most = Infinity;
    chunk(import('./journal.js')).then(
      ({ Journal }) => {
        notes = new Journal(migrations, notes).notes();
        most = notes.length + MOST_NOTES;
      },
      (error: unknown) => log.report(error),
    );
  };
  let disk: Database | undefined;
  let memory: Promise<Database> | undefined;

  const fallOver = (error: ChatError): Promise<Database> => {
    const falling = (memory ??= (async () => {
      const next = await (await chunk(import('./fall-over.js'))).fallOver({ migrations, notes: () => notes, disk, log, listen: run => (noted = run) });
      log.report(error, 'The disk fails: what is written from now on is kept in memory only.');
      trouble.value = error;
      return next;
    })());
    falling.catch(() => {
      // A part that could not be loaded may be there for the next act.
      memory = undefined;
    });
    return falling;
  };
  const act = async <T>(how: 'read' | 'change', tables: readonly TableName[], work: Work<T>, durability?: 'strict' | 'relaxed'): Promise<T> => {
    if (disk && !memory) {
      try {
        return await disk[how](tables, work, durability);
      } catch (thrown) {
        const error = failure(thrown);
        if (error.domain !== 'storage' || HARMLESS.includes(error.code)) throw error;
        await fallOver(error);
        // To do it once more could do it twice.
        if (error.code === 'in-doubt') throw error;
      }
    }
    const next = await memory;
    if (!next) throw closed();
    return next[how](tables, work, durability);
  };

  /** Looks at once what became of a database that was taken away, not only when somebody needs it. */
  const taken = (): void => {
    act('read', ['keyvalue'], () => undefined).catch((error: unknown) => log.report(error));
  };
  try {
    disk = await openDatabase(name, migrations, {
      noted: more => noted(more),
      taken,
      emptied: () => events.emit('emptied', undefined),
      rescue: async db => (await chunk(import('./rescue.js'))).rescue(db, migrations, notes),
    });
  } catch (error) {
    await fallOver(failure(error));
  }
  return {
    trouble,
    onEmptied: run => events.on('emptied', run),
    read: (tables, work) => act('read', tables, work),
    change: (tables, work, durability) => act('change', tables, work, durability),
    close: async () => {
      await Promise.all([disk?.close(), memory?.then(database => database.close())]);
    },
  };
};
