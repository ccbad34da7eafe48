import { randomUUID } from 'node:crypto';
import { NothingToChange, PersonRecord } from '@albumen/database';
import type { Door, PersonActor, Role } from '@albumen/domain';
import type { Workbench } from '../workbench.js';

/** Who a verified token or a named account speaks of. */
export interface RecognisedBy {
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
  readonly door: Door;
}

/** A person of the catalogue with the actor they are for this request. */
export interface RecognisedPerson {
  readonly actor: PersonActor;
  readonly name: string;
  readonly email: string | null;
}

interface Known {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

const remembered = 5_000;

/** Turns the subject of a sign-in into a person of the catalogue, on first sight into a new row with an id of our own. */
export class RecognisePerson {
  readonly #known = new Map<string, Known>();

  constructor(private readonly bench: Workbench) {}

  async execute(by: RecognisedBy): Promise<RecognisedPerson> {
    const name = by.name.normalize('NFC').trim() || by.subject;
    const cached = this.#known.get(by.subject);
    const person =
      cached && cached.name === name && cached.email === by.email
        ? cached
        : await this.#remember({ ...by, name }, await this.#find({ ...by, name }));
    return {
      actor: { kind: 'person', id: person.id, roles: by.roles, door: by.door },
      name: person.name,
      email: person.email,
    };
  }

  async #find(by: RecognisedBy): Promise<Known> {
    const people = this.bench.database.read.getRepository(PersonRecord);
    const row = await people.findOneBy({ subject: by.subject });
    if (!row) return this.#welcome(by);
    if (row.name !== by.name || row.email !== by.email) {
      // A name is no statement about the catalogue: it lives in this one erasable row and in no audit leaf.
      await this.bench.database.keepBooks((manager) =>
        manager.update(PersonRecord, { id: row.id }, { name: by.name, email: by.email }),
      );
    }
    return { id: row.id, name: by.name, email: by.email };
  }

  async #welcome(by: RecognisedBy): Promise<Known> {
    const id = randomUUID();
    const actor: PersonActor = { kind: 'person', id, roles: by.roles, door: by.door };
    return this.bench.database.change(actor, async ({ manager, now, record }) => {
      const written = (await manager.query(
        `insert into person (id, subject, name, email, created_at) values ($1, $2, $3, $4, $5)
         on conflict (subject) do nothing returning id`,
        [id, by.subject, by.name, by.email, now],
      )) as { id: string }[];
      if (written.length === 0) {
        const row = await manager.findOneByOrFail(PersonRecord, { subject: by.subject });
        throw new NothingToChange<Known>({ id: row.id, name: row.name, email: row.email });
      }
      record({ action: 'person.first-seen', subject: id, after: { roles: [...by.roles] } });
      return { id, name: by.name, email: by.email };
    });
  }

  async #remember(by: RecognisedBy, person: Known): Promise<Known> {
    if (this.#known.size >= remembered) this.#known.clear();
    this.#known.set(by.subject, person);
    return person;
  }
}
